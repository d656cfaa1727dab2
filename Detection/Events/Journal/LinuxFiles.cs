using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Picket.Detection.Events.Journal;

/// <summary>
/// The file calls of Linux that the class library does not offer: fdatasync, the sync of a folder, and a file's identity.
/// </summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class LinuxFiles
{
    private const int ReadOnlyFolder = 0x80000; // O_RDONLY | O_CLOEXEC, the same on x86-64 and arm64
    private const int AtCurrentFolder = -100; // AT_FDCWD
    private const int AtEmptyPath = 0x1000; // AT_EMPTY_PATH
    private const int AtNoFollow = 0x100; // AT_SYMLINK_NOFOLLOW
    private const int SetFlags = 4, AppendFlag = 0x400; // F_SETFL, O_APPEND
    private const uint InodeOnly = 0x100; // STATX_INO

    internal static bool SyncData(SafeFileHandle handle) => FDataSync(handle) == 0;

    internal static bool SyncFolder(string folder)
    {
        using var handle = Open(folder, ReadOnlyFolder);
        return !handle.IsInvalid && FSync(handle) == 0;
    }

    /// <summary>pwrite(2): with O_APPEND Linux appends, whatever the offset is.</summary>
    internal static void AppendOnly(SafeFileHandle handle) => _ = FCntl(handle, SetFlags, AppendFlag);

    internal static bool IsSame(SafeFileHandle handle, string path)
    {
        StatX ours;
        StatX theirs;
        return Stat(handle, "", AtEmptyPath, InodeOnly, &ours) == 0
            && Stat(AtCurrentFolder, path, AtNoFollow, InodeOnly, &theirs) == 0
            && ours.Inode == theirs.Inode && ours.DeviceMajor == theirs.DeviceMajor && ours.DeviceMinor == theirs.DeviceMinor;
    }

    [LibraryImport("libc", EntryPoint = "fdatasync")]
    private static partial int FDataSync(SafeFileHandle handle);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int FSync(SafeFileHandle handle);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int FCntl(SafeFileHandle handle, int command, int argument);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(SafeFileHandle handle, string path, int flags, uint mask, StatX* into);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(int descriptor, string path, int flags, uint mask, StatX* into);

    /// <summary>struct statx of linux/stat.h: unlike struct stat it has one layout on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatX
    {
        [FieldOffset(0x20)] public ulong Inode;
        [FieldOffset(0x88)] public uint DeviceMajor;
        [FieldOffset(0x8C)] public uint DeviceMinor;
    }
}
