using System.Globalization;

namespace Picket.Node.Hosting;

/// <summary>The namespaces that this process runs in.</summary>
internal static class OwnNamespace
{
    /// <summary>PROC_PID_INIT_INO of linux/proc_ns.h.</summary>
    private const uint KernelsOwn = 0xEFFFFFFC;

    /// <summary>The inode number of the mount namespace, as <c>/proc/self/ns/mnt</c> says it; 0 where it says nothing.</summary>
    public static uint Mount { get; } = Read("/proc/self/ns/mnt");

    /// <summary>The same of the namespace of process numbers; 0 for the kernel's own, in which events name processes.</summary>
    public static uint Pid { get; } = Read("/proc/self/ns/pid") is var inode and not KernelsOwn ? inode : 0;

    private static uint Read(string link)
    {
        var target = File.Exists(link) ? new FileInfo(link).LinkTarget : null;
        var digits = target is null ? "" : target[(target.IndexOf('[', StringComparison.Ordinal) + 1)..].TrimEnd(']');
        return uint.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var inode) ? inode : 0;
    }
}
