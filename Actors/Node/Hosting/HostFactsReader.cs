using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Picket.Detection.Alerts;

namespace Picket.Node.Hosting;

/// <summary>Reads what alerts say of this host.</summary>
internal static class HostFactsReader
{
    /// <summary>The facts; what the system does not tell is left empty.</summary>
    public static HostFacts Read(string name)
    {
        var release = Release("/etc/os-release");
        return new HostFacts
        {
            Name = name,
            Hostname = Environment.MachineName,
            Id = MachineId(),
            BootId = RunningBoot.AsGiven,
            Architecture = RuntimeInformation.OSArchitecture switch
            {
                Architecture.X64 => "x86_64",
                Architecture.Arm64 => "aarch64",
                var other => other.ToString().ToLowerInvariant(),
            },
            OsType = OperatingSystem.IsLinux() ? "linux" : OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "macos"
                : "",
            OsName = release.GetValueOrDefault("NAME", ""),
            OsFull = release.GetValueOrDefault("PRETTY_NAME", ""),
            OsFamily = release.GetValueOrDefault("ID_LIKE", release.GetValueOrDefault("ID", "")).Split(' ')[0],
            OsVersion = release.GetValueOrDefault("VERSION_ID", ""),
            OsKernel = FirstLine("/proc/sys/kernel/osrelease"),
        };
    }

    /// <summary>machine-id(5) asks not to show the id itself to others: a keyed hash stands for it.</summary>
    private static string MachineId()
    {
        var id = FirstLine("/etc/machine-id");
        if (id.Length == 0) return "";
        var hash = HMACSHA256.HashData(Encoding.UTF8.GetBytes(id), "picket host id"u8);
        return Convert.ToHexStringLower(hash.AsSpan(0, 16));
    }

    private static string FirstLine(string file) => File.Exists(file) ? File.ReadLines(file).FirstOrDefault("").Trim() : "";

    /// <summary>os-release(5): NAME=value lines, values perhaps in quotes.</summary>
    private static Dictionary<string, string> Release(string file)
    {
        var facts = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!File.Exists(file)) return facts;
        foreach (var line in File.ReadLines(file))
        {
            var equals = line.IndexOf('=');
            if (equals > 0 && line[0] != '#') facts[line[..equals]] = line[(equals + 1)..].Trim('"', '\'');
        }

        return facts;
    }
}
