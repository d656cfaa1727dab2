using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Picket.Sensors.Logs.Native;

/// <summary>The system calls of the log sensor: files by identity, and waiting for changes.</summary>
internal static unsafe partial class LogLibc
{
    public const uint Modified = 2;
    public const uint NamesChanged = 0x40 | 0x80 | 0x100 | 0x200;
    public const uint OnlyFolder = 0x0100_0000;
    public const short PollIn = 1;

    private const int OpenRead = 0x80000 | 0x800 | 0x100; // O_CLOEXEC | O_NONBLOCK | O_NOCTTY: a pipe in a log's place must not block
    private const int NonBlockingCloseOnExec = 0x80800;
    private const int AtCurrentFolder = -100;
    private const int AtEmptyPath = 0x1000;
    private const uint Wanted = 0x1 | 0x40 | 0x100 | 0x200 | 0x800; // STATX_TYPE | STATX_MTIME | STATX_INO | STATX_SIZE | STATX_BTIME
    private const int TypeMask = 0xF000;
    private const int RegularFile = 0x8000;
    private const int CoarseRealtime = 5;

    [StructLayout(LayoutKind.Sequential)]
    public struct PollFd
    {
        public int Fd;
        public short Events;
        public short Happened;
    }

    /// <summary>Nanoseconds since 1970 by the clock that dates files, which is a little behind the finer ones.</summary>
    public static long FileClockNs
    {
        get
        {
            GetClock(CoarseRealtime, out var time);
            return (time.Seconds * 1_000_000_000) + time.Nanoseconds;
        }
    }

    /// <summary>Opens a file for reading; its errno when it cannot be opened.</summary>
    public static SafeFileHandle Open(string path, out int errno)
    {
        var fd = OpenFile(path, OpenRead);
        errno = fd < 0 ? Marshal.GetLastPInvokeError() : 0;
        return new SafeFileHandle(fd, ownsHandle: true);
    }

    /// <summary>What the file system says of an open file.</summary>
    public static bool TryStat(SafeFileHandle file, out FileFacts facts)
    {
        StatX stat;
        var done = Stat(file, "", AtEmptyPath, Wanted, &stat) == 0;
        facts = done ? FactsOf(stat) : default;
        return done;
    }

    /// <summary>What the file system says of a path, links followed.</summary>
    public static bool TryStat(string path, out FileFacts facts, out int errno)
    {
        StatX stat;
        var done = Stat(AtCurrentFolder, path, 0, Wanted, &stat) == 0;
        errno = done ? 0 : Marshal.GetLastPInvokeError();
        facts = done ? FactsOf(stat) : default;
        return done;
    }

    public static SafeFileHandle CreateInotify(out int errno)
    {
        var fd = InotifyInit(NonBlockingCloseOnExec);
        errno = fd < 0 ? Marshal.GetLastPInvokeError() : 0;
        return new SafeFileHandle(fd, ownsHandle: true);
    }

    public static SafeFileHandle CreateEventFd() => new(EventFd(0, NonBlockingCloseOnExec), ownsHandle: true);

    [LibraryImport("libc", EntryPoint = "inotify_add_watch", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int AddWatch(SafeFileHandle inotify, string path, uint mask);

    [LibraryImport("libc", EntryPoint = "inotify_rm_watch", SetLastError = true)]
    public static partial int RemoveWatch(SafeFileHandle inotify, int watch);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollFd* fds, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(SafeFileHandle fd, byte* into, nuint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(SafeFileHandle fd, ulong* number, nuint count);

    private static FileFacts FactsOf(in StatX stat) => new()
    {
        Identity = new FileIdentity(((ulong)stat.DeviceMajor << 32) | stat.DeviceMinor, stat.Inode,
            (stat.Mask & 0x800) == 0 ? 0 : (stat.BirthSeconds * 1_000_000_000) + stat.BirthNanos),
        Size = (long)stat.Size,
        ModifyNs = (stat.ModifySeconds * 1_000_000_000) + stat.ModifyNanos,
        IsRegular = (stat.Mode & TypeMask) == RegularFile,
    };

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(SafeFileHandle handle, string path, int flags, uint mask, StatX* into);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(int folder, string path, int flags, uint mask, StatX* into);

    [LibraryImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    private static partial int InotifyInit(int flags);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetClock(int clock, out TimeSpec time);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int EventFd(uint value, int flags);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    /// <summary>struct statx of linux/stat.h: unlike struct stat it has one layout on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatX
    {
        [FieldOffset(0x00)] public uint Mask;
        [FieldOffset(0x1C)] public ushort Mode;
        [FieldOffset(0x20)] public ulong Inode;
        [FieldOffset(0x28)] public ulong Size;
        [FieldOffset(0x50)] public long BirthSeconds;
        [FieldOffset(0x58)] public uint BirthNanos;
        [FieldOffset(0x70)] public long ModifySeconds;
        [FieldOffset(0x78)] public uint ModifyNanos;
        [FieldOffset(0x88)] public uint DeviceMajor;
        [FieldOffset(0x8C)] public uint DeviceMinor;
    }
}
