using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Picket.Actors.Persistence.Sql.Sqlite;

/// <summary>
/// The file calls of Linux that the class library does not offer: the sync of a folder, and a file's type without opening it.
/// </summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class LinuxFiles
{
    private const int ReadOnlyFolder = 0x80000; // O_RDONLY | O_CLOEXEC, the same on x86-64 and arm64
    private const int AtCurrentFolder = -100; // AT_FDCWD
    private const uint TypeOnly = 0x1; // STATX_TYPE
    private const int TypeMask = 0xF000; // S_IFMT
    private const int Regular = 0x8000; // S_IFREG

    /// <summary>Whether links end at a regular file; a named pipe would hold up who opens it.</summary>
    public static bool IsRegular(string path)
    {
        StatX found;
        return Stat(AtCurrentFolder, path, 0, TypeOnly, &found) == 0 && (found.Mode & TypeMask) == Regular;
    }

    /// <summary>Makes creations and renames in a folder survive a power cut.</summary>
    public static bool SyncFolder(string folder)
    {
        var descriptor = Open(folder, ReadOnlyFolder);
        if (descriptor < 0) return false;
        var synced = FSync(descriptor) == 0;
        _ = Close(descriptor);
        return synced;
    }

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(int descriptor, string path, int flags, uint mask, StatX* into);

    /// <summary>struct statx of linux/stat.h: unlike struct stat it has one layout on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatX
    {
        [FieldOffset(0x1C)] public ushort Mode;
    }
}
