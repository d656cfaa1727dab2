using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Picket.Node.Guard;

/// <summary>The system calls between a node and its guard; Linux only.</summary>
internal static unsafe partial class GuardCalls
{
    private const nint PidFdOpen = 434; // the same on every architecture
    private const nuint PipeUnread = 0x541B; // FIONREAD
    private const nuint PidFdInfo = 0xC040FF0B; // PIDFD_GET_INFO with the struct's first version, of 64 bytes
    private const ulong InfoOfExit = 8; // PIDFD_INFO_EXIT, since 6.15
    private const short PollIn = 1;
    private const int Append = 0x401 | 0x80000; // O_WRONLY | O_APPEND | O_CLOEXEC
    private const int Create = 0x40;
    private const int HangUp = 1, Interrupt = 2, Quit = 3, Terminate = 15;

    private static int NoFollow => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x8000 : 0x20000;

    /// <summary>
    /// A session of its own: what is sent to the node's process group, by a terminal or by who ends all of it, does not reach the guard.
    /// SIGTERM is ignored too: a service manager sends it to the whole control group, and the node still has to drain.
    /// </summary>
    public static void StandApart()
    {
        const nint Ignore = 1;
        foreach (var number in (ReadOnlySpan<int>)[HangUp, Interrupt, Quit, Terminate]) signal(number, Ignore);
        _ = setsid();
    }

    /// <summary>Whether there is something to read, or an end, within the time; a signal ends the wait early.</summary>
    public static bool Wait(int fd, TimeSpan limit)
    {
        var wanted = new PollFd { Fd = fd, Events = PollIn };
        return poll(&wanted, 1, (int)Math.Ceiling(limit.TotalMilliseconds)) > 0;
    }

    /// <summary>Bytes that were read; 0 at the end, less on an error.</summary>
    public static int Read(int fd, Span<byte> into)
    {
        fixed (byte* bytes = into) return (int)read(fd, bytes, (nuint)into.Length);
    }

    /// <summary>Bytes in the pipe that nobody has read; 0 where the kernel does not say.</summary>
    public static int Unread(SafeHandle pipe)
    {
        int count;
        return ioctl(pipe, PipeUnread, &count) == 0 ? count : 0;
    }

    /// <summary>A descriptor that means this process and no later one of the same number; null where the kernel has none.</summary>
    public static SafeFileHandle? OpenProcess(int pid)
    {
        var fd = syscall(PidFdOpen, pid, 0);
        return fd < 0 ? null : new SafeFileHandle(fd, ownsHandle: true);
    }

    /// <summary>The wait status of a process that has ended and was reaped by its parent; null where the kernel does not tell.</summary>
    public static int? ExitStatus(SafeFileHandle process)
    {
        var info = stackalloc byte[64];
        new Span<byte>(info, 64).Clear();
        *(ulong*)info = InfoOfExit;
        return ioctl(process, PidFdInfo, info) == 0 && (*(ulong*)info & InfoOfExit) != 0 ? *(int*)(info + 60) : null;
    }

    /// <summary>
    /// Appends bytes by one call, so that no other writer's bytes come between them; 0, or the error's number.
    /// </summary>
    /// <param name="path">The file; a symbolic link is not followed.</param>
    /// <param name="mode">The permissions of a file that has to be made.</param>
    /// <param name="line">What is appended.</param>
    public static int AppendTo(string path, uint mode, ReadOnlySpan<byte> line)
    {
        using var file = open(path, Append | Create | NoFollow, mode);
        if (file.IsInvalid) return Marshal.GetLastPInvokeError();
        fixed (byte* bytes = line)
        {
            var written = write(file, bytes, (nuint)line.Length);
            return written == line.Length ? 0 : written < 0 ? Marshal.GetLastPInvokeError() : NoSpace;
        }
    }

    private const int NoSpace = 28;

    [LibraryImport("libc")]
    private static partial int setsid();

    [LibraryImport("libc")]
    private static partial nint signal(int number, nint handler);

    [LibraryImport("libc")]
    private static partial int poll(PollFd* fds, nuint count, int milliseconds);

    [LibraryImport("libc")]
    private static partial nint read(int fd, byte* into, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(SafeFileHandle fd, byte* from, nuint count);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle open(string path, int flags, uint mode);

    [LibraryImport("libc")]
    private static partial int ioctl(SafeHandle fd, nuint request, void* argument);

    [LibraryImport("libc")]
    private static partial nint syscall(nint number, nint first, nint second);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollFd
    {
        public int Fd;
        public short Events;
        public short Happened;
    }
}
