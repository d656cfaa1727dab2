using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Picket.Node.Hosting;

/// <summary>Asks Linux about a path; the class library knows modes, but no owners.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class PathFactsReader
{
    private const int AtCurrentFolder = -100; // AT_FDCWD
    private const int AtNoFollow = 0x100; // AT_SYMLINK_NOFOLLOW
    private const uint TypeModeOwner = 0x1 | 0x2 | 0x8; // STATX_TYPE | STATX_MODE | STATX_UID

    /// <summary>The facts of the path itself, no link followed; null where there is nothing.</summary>
    public static PathFacts? Read(string path)
    {
        StatX facts;
        if (Stat(AtCurrentFolder, path, AtNoFollow, TypeModeOwner, &facts) != 0) return null;
        return new PathFacts(facts.Owner, facts.Mode, new FileInfo(path).LinkTarget);
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(int descriptor, string path, int flags, uint mask, StatX* into);

    /// <summary>struct statx of linux/stat.h: unlike struct stat it has one layout on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatX
    {
        [FieldOffset(0x14)] public uint Owner;
        [FieldOffset(0x1C)] public ushort Mode;
    }
}
