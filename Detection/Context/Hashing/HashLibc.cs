using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Picket.Detection.Context.Hashing;

/// <summary>
/// The system calls behind the reading of an executable. What a path leads to is first opened as a mere place (O_PATH), which starts no
/// device, waits for no pipe and asks no file server, and looked at there.
/// </summary>
internal static unsafe partial class HashLibc
{
    // The same on x86-64 and arm64.
    private const int ReadOnce = 0x80000 | 0x800 | 0x100; // O_CLOEXEC | O_NONBLOCK | O_NOCTTY
    private const int NoAccessTime = 0x40000; // O_NOATIME
    private const int Place = 0x80000 | 0x200000; // O_CLOEXEC | O_PATH
    private const int AtEmptyPath = 0x1000; // AT_EMPTY_PATH
    private const int AtDoNotSync = 0x4000; // AT_STATX_DONT_SYNC
    private const uint Wanted = 0x1 | 0x40 | 0x80 | 0x100 | 0x200; // STATX_TYPE | STATX_MTIME | STATX_CTIME | STATX_INO | STATX_SIZE
    private const ulong InRootWithoutLinks = 0x10 | 0x04 | 0x02; // RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS
    private const long OpenAt2 = 437; // since 5.6, on every architecture
    private const int TypeMask = 0xF000;
    private const int RegularFile = 0x8000;
    private const int RealtimeCoarse = 5; // CLOCK_REALTIME_COARSE, which dates files
    private const int CallingThread = 0; // of PRIO_PROCESS
    private const int MildNice = 5;

    /// <summary>How far the clock that dates files may be behind, in nanoseconds.</summary>
    public static long FileClockTickNs => GetResolution(RealtimeCoarse, out var tick) == 0 ? tick.Nanoseconds : 10_000_000;

    /// <summary>The place that a path of /proc leads to; null when there is none.</summary>
    public static SafeFileHandle? OpenPlace(string path)
    {
        var handle = new SafeFileHandle(Open(path, Place), ownsHandle: true);
        return Valid(handle);
    }

    /// <summary>The place that a path below <paramref name="root"/> leads to without any link; null when there is none.</summary>
    /// <param name="root">A folder's place.</param>
    /// <param name="path">Bytes, ended by a NUL.</param>
    public static SafeFileHandle? OpenPlace(SafeFileHandle root, ReadOnlySpan<byte> path)
    {
        var how = new OpenHow { Flags = Place, Resolve = InRootWithoutLinks };
        fixed (byte* text = path)
        {
            var added = false;
            root.DangerousAddRef(ref added);
            var fd = SystemCall(OpenAt2, root.DangerousGetHandle(), text, &how, sizeof(OpenHow));
            root.DangerousRelease();
            return Valid(new SafeFileHandle((nint)fd, ownsHandle: true));
        }
    }

    /// <summary>
    /// Opens the file of a place for reading, without dating the access where that is allowed; null when it cannot be read.
    /// </summary>
    public static SafeFileHandle? OpenFile(SafeFileHandle place)
    {
        var path = $"/proc/self/fd/{place.DangerousGetHandle()}";
        return Valid(new SafeFileHandle(Open(path, ReadOnce | NoAccessTime), ownsHandle: true))
            ?? Valid(new SafeFileHandle(Open(path, ReadOnce), ownsHandle: true));
    }

    /// <summary>What is known of a place or file without asking a server for it; false when it is no ordinary file.</summary>
    public static bool TryLook(SafeFileHandle handle, out FileKey key, out long modifyNs)
    {
        StatX stat;
        key = default;
        modifyNs = 0;
        if (Stat(handle, "", AtEmptyPath | AtDoNotSync, Wanted, &stat) != 0 || (stat.Mode & TypeMask) != RegularFile) return false;
        key = new FileKey((stat.DeviceMajor << 20) | stat.DeviceMinor, stat.Inode,
            (stat.ChangeSeconds * 1_000_000_000) + stat.ChangeNanos, (long)stat.Size);
        modifyNs = (stat.ModifySeconds * 1_000_000_000) + stat.ModifyNanos;
        return true;
    }

    /// <summary>The kind of the file system, as in linux/magic.h; 0 when it cannot be said.</summary>
    public static uint FileSystemOf(SafeFileHandle handle)
    {
        // struct statfs is 120 bytes on both architectures and begins with the type.
        var buffer = stackalloc ulong[32];
        return FileSystem(handle, buffer) == 0 ? (uint)buffer[0] : 0;
    }

    /// <summary>Bytes from <paramref name="offset"/> on; 0 at the end, less than 0 when they cannot be read.</summary>
    public static int Read(SafeFileHandle file, Span<byte> into, long offset)
    {
        fixed (byte* to = into) return (int)ReadAt(file, to, (nuint)into.Length, offset);
    }

    /// <summary>
    /// Lets other threads go before the calling one, but not by far: the heap's collector waits for it as for any thread, and when the
    /// process is killed, the thread that is last to end gives its memory back, which the next start waits for. At 19, with two processors
    /// wanted by others, that took up to 80 s.
    /// </summary>
    public static void GiveWay() => _ = SetPriority(0, CallingThread, MildNice);

    private static SafeFileHandle? Valid(SafeFileHandle handle)
    {
        if (!handle.IsInvalid) return handle;
        handle.Dispose();
        return null;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long SystemCall(long number, nint folder, byte* path, OpenHow* how, nint size);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(SafeFileHandle handle, string path, int flags, uint mask, StatX* into);

    [LibraryImport("libc", EntryPoint = "fstatfs", SetLastError = true)]
    private static partial int FileSystem(SafeFileHandle handle, ulong* into);

    [LibraryImport("libc", EntryPoint = "pread", SetLastError = true)]
    private static partial nint ReadAt(SafeFileHandle file, byte* into, nuint count, long offset);

    [LibraryImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    private static partial int SetPriority(int which, int who, int nice);

    [LibraryImport("libc", EntryPoint = "clock_getres")]
    private static partial int GetResolution(int clock, out TimeSpec tick);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    /// <summary>struct open_how of linux/openat2.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct OpenHow
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }

    /// <summary>struct statx of linux/stat.h: unlike struct stat it has one layout on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatX
    {
        [FieldOffset(0x1C)] public ushort Mode;
        [FieldOffset(0x20)] public ulong Inode;
        [FieldOffset(0x28)] public ulong Size;
        [FieldOffset(0x60)] public long ChangeSeconds;
        [FieldOffset(0x68)] public uint ChangeNanos;
        [FieldOffset(0x70)] public long ModifySeconds;
        [FieldOffset(0x78)] public uint ModifyNanos;
        [FieldOffset(0x88)] public uint DeviceMajor;
        [FieldOffset(0x8C)] public uint DeviceMinor;
    }
}
