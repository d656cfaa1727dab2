using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Picket.Sensors.Ebpf.Native;

/// <summary>The system calls of the reader: memory maps, waiting, mounts, locks.</summary>
internal static partial class Libc
{
    public const int ProtRead = 1;
    public const int ProtWrite = 2;
    public const int MapShared = 1;
    public const nint MapFailed = -1;
    public const int Interrupted = 4;
    public const int WouldBlock = 11;

    public const uint PollIn = 1;
    public const int EpollAdd = 1;
    private const int EpollCloseOnExec = 0x80000;
    private const int EventFdFlags = 0x80000 | 0x800;
    private const int Monotonic = 1;
    private const int PriorityOfProcess = 0;
    private const int LockedMemory = 8;
    private const int LockExclusive = 2;
    private const int LockNonBlocking = 4;
    private const int OpenCloseOnExec = 0x80000;

    [StructLayout(LayoutKind.Sequential)]
    public struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint mmap(nint address, nuint length, int protection, int flags, SafeFileHandle fd, long offset);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int munmap(nint address, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    public static unsafe partial int epoll_ctl(SafeFileHandle epoll, int operation, SafeFileHandle fd, byte* happening);

    [LibraryImport("libc", SetLastError = true)]
    public static unsafe partial int epoll_wait(SafeFileHandle epoll, byte* happenings, int count, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    public static unsafe partial nint write(SafeFileHandle fd, void* bytes, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    public static unsafe partial nint read(SafeFileHandle fd, void* bytes, nuint count);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int mount(string source, string target, string type, nuint flags, string? data);

    [LibraryImport("libc")]
    public static partial uint geteuid();

    /// <summary>Kernels before 5.11 charge BPF maps to RLIMIT_MEMLOCK, which is too small for any ring.</summary>
    public static void LiftLockedMemoryLimit() => SetLimit(LockedMemory, [ulong.MaxValue, ulong.MaxValue]);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, ReadOnlySpan<ulong> limit);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int EventFd(uint value, int flags);

    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    private static partial int ClockNanosleep(int clock, int flags, in TimeSpec wanted, nint left);

    /// <summary>Linux takes a thread's id here, and 0 for the caller (kernel/sys.c).</summary>
    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int value);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Flock(SafeFileHandle fd, int operation);

    public static SafeFileHandle CreateEpoll() => Check(EpollCreate(EpollCloseOnExec), "epoll_create1");

    public static SafeFileHandle CreateEventFd() => Check(EventFd(0, EventFdFlags), "eventfd");

    /// <summary>Waits without a wake-up being possible; a signal ends it early, which no caller minds.</summary>
    public static void Pause(long nanoseconds) =>
        ClockNanosleep(Monotonic, 0, new TimeSpec { Seconds = nanoseconds / 1_000_000_000, Nanoseconds = nanoseconds % 1_000_000_000 }, 0);

    /// <summary>Sets the calling thread's nice value; one that the kernel does not grant changes nothing.</summary>
    public static void BeNice(int value) => _ = SetPriority(PriorityOfProcess, 0, value);

    /// <summary>As <see cref="BeNice"/>, for every thread that the process has; those that they start take it over.</summary>
    public static void BeNiceAltogether(int value)
    {
        foreach (var task in Directory.EnumerateDirectories("/proc/self/task"))
            _ = SetPriority(PriorityOfProcess, uint.Parse(Path.GetFileName(task), CultureInfo.InvariantCulture), value);
    }

    /// <summary>Takes the lock of a directory; null while another process has it.</summary>
    public static SafeFileHandle? TryLockDirectory(string path)
    {
        var fd = Check(Open(path, OpenCloseOnExec), $"open {path}");
        if (Flock(fd, LockExclusive | LockNonBlocking) == 0) return fd;
        var errno = Marshal.GetLastPInvokeError();
        fd.Dispose();
        return errno == WouldBlock ? null : throw new BpfException($"{path} cannot be locked", errno);
    }

    private static SafeFileHandle Check(int fd, string what) =>
        fd >= 0 ? new SafeFileHandle(fd, ownsHandle: true) : throw new BpfException(what, Marshal.GetLastPInvokeError());
}
