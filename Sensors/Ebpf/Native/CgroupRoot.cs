using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Picket.Sensors.Ebpf.Native;

/// <summary>The root of the unified control group hierarchy: programs attached there see the sockets of all groups.</summary>
internal static partial class CgroupRoot
{
    private const int OpenFlags = 0x10000 | 0x80000; // O_DIRECTORY | O_CLOEXEC, the same on x86-64
    private const int OpenFlagsArm64 = 0x4000 | 0x80000;
    private const int CloseOnExec = 1;
    private const int ConfigCreate = 6;
    private static readonly nint FsOpen = 430, FsConfig = 431, FsMount = 432;

    /// <summary>Opens it: where it is mounted, else by a mount that nobody else sees.</summary>
    /// <exception cref="BpfException">It is neither mounted nor can it be.</exception>
    public static SafeFileHandle Open()
    {
        var flags = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? OpenFlagsArm64 : OpenFlags;
        foreach (var line in File.ReadLines("/proc/self/mountinfo"))
        {
            if (PathOf(line) is not { } path) continue;
            var found = open(path, flags);
            if (found >= 0) return new SafeFileHandle(found, ownsHandle: true);
        }

        using var context = Descriptor(OpenContext("cgroup2"));
        Descriptor(syscall(FsConfig, context.DangerousGetHandle(), ConfigCreate, 0, 0, 0), owns: false);
        return Descriptor(syscall(FsMount, context.DangerousGetHandle(), CloseOnExec, 0, 0, 0));
    }

    /// <summary>Where a line of mountinfo says that the hierarchy's root is mounted; null when it says something else.</summary>
    internal static string? PathOf(string line)
    {
        const int Root = 3, Point = 4;
        var parts = line.Split(' ');
        var separator = Array.IndexOf(parts, "-");
        if (separator < 0 || separator + 1 >= parts.Length || parts[separator + 1] != "cgroup2" || parts[Root] != "/") return null;
        return parts[Point].Replace("\\040", " ", StringComparison.Ordinal).Replace("\\011", "\t", StringComparison.Ordinal)
            .Replace("\\012", "\n", StringComparison.Ordinal).Replace("\\134", "\\", StringComparison.Ordinal);
    }

    private static SafeFileHandle Descriptor(nint result, bool owns = true) => result < 0
        ? throw new BpfException("the control groups' root can neither be found nor mounted", Marshal.GetLastPInvokeError())
        : new SafeFileHandle(result, owns);

    private static unsafe nint OpenContext(string type)
    {
        fixed (byte* name = Encoding.UTF8.GetBytes(type + "\0")) return syscall(FsOpen, (nint)name, CloseOnExec, 0, 0, 0);
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, nint first, nint second, nint third, nint fourth, nint fifth);
}
