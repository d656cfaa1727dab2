using System.Globalization;
using System.Runtime.InteropServices;
using Picket.Sensors.Ebpf.Native;

namespace Picket.Sensors.Ebpf;

/// <summary>Says beforehand what a host lacks for the kernel programs, instead of one error at a time.</summary>
public static class HostRequirements
{
    private const int CapSysAdmin = 21;
    private const int CapPerfmon = 38;
    private const int CapBpf = 39;

    /// <summary>PROC_PID_INIT_INO, a constant of the kernel.</summary>
    private const string InitialPidNamespace = "pid:[4026531836]";

    /// <summary>Everything that is missing; empty when the programs can be loaded. Loads libbpf, changes nothing else.</summary>
    public static IReadOnlyList<MissingRequirement> Check(EbpfOptions options)
    {
        var missing = new List<MissingRequirement>();
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture is not (Architecture.X64 or Architecture.Arm64))
        {
            missing.Add(new("Linux on x86-64 or arm64", "run the eBPF sensor on such a host"));
            return missing;
        }

        if (!MayLoad(EffectiveCapabilities(File.ReadLines("/proc/self/status"))))
            missing.Add(new("the right to load BPF programs",
                "run as root, or give CAP_BPF, CAP_PERFMON and CAP_SYS_ADMIN (pins, mount) to the service"));
        var release = File.ReadAllText("/proc/sys/kernel/osrelease").Trim();
        if (!IsNewEnough(release)) missing.Add(new($"Linux 5.8 or newer (this is {release})", "update the kernel"));
        if (new FileInfo("/proc/self/ns/pid").LinkTarget is { } space && space != InitialPidNamespace)
            missing.Add(new("the initial pid namespace (the programs and /proc would number processes differently)",
                "run on the host, or start the container with --pid=host"));
        if (!File.Exists("/sys/kernel/btf/vmlinux"))
            missing.Add(new("the kernel's type information /sys/kernel/btf/vmlinux",
                "use a kernel built with CONFIG_DEBUG_INFO_BTF=y; in a container, mount /sys"));
        if (NativeLibraries.TryUseLibBpf(options.LibBpfPath) is { } problem)
            missing.Add(
                new($"libbpf ({problem})", "install it (Debian and Ubuntu: libbpf1, Fedora: libbpf), or name it in the configuration"));
        foreach (var name in (string[])["process", "tasks"])
        {
            var path = Path.Combine(options.ObjectFolder, $"{name}.bpf.o");
            if (!File.Exists(path)) missing.Add(new($"the compiled programs {path}", "run bpf/build.sh, or reinstall"));
        }

        if (options.PinFolder is { } folder && !CanPin(folder))
            missing.Add(
                new($"a bpffs for {folder}",
                    "mount -t bpf bpf /sys/fs/bpf, or choose a folder on a mounted one; in a container, mount it from the host"));
        return missing;
    }

    internal static bool IsNewEnough(string release)
    {
        var parts = release.Split('.', '-', '+');
        return parts.Length >= 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
                && (major > 5 || (major == 5 && minor >= 8));
    }

    internal static ulong EffectiveCapabilities(IEnumerable<string> status)
    {
        foreach (var line in status)
        {
            if (line.StartsWith("CapEff:", StringComparison.Ordinal))
                return ulong.Parse(line.AsSpan(7).Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        }

        return 0;
    }

    internal static bool MayLoad(ulong capabilities) =>
        (capabilities & (1UL << CapSysAdmin)) != 0 || ((capabilities >> CapBpf) & (capabilities >> CapPerfmon) & 1) != 0;

    /// <summary>The folder is on a bpffs, or it is below the usual mount point, where one can be mounted.</summary>
    private static bool CanPin(string folder)
    {
        var below = Path.GetDirectoryName(folder);
        while (below is not null && !Directory.Exists(below)) below = Path.GetDirectoryName(below);
        return below is not null && (BpfFileSystem.IsBpffs(below) || below == "/sys/fs/bpf");
    }
}
