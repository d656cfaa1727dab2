using System.Runtime.InteropServices;

namespace Picket.Sensors.Ebpf.Folders;

/// <summary>The system calls by which folders are found.</summary>
internal static partial class FolderCalls
{
    /// <summary>errno for what is not in the kernel's memory alone.</summary>
    public const int TryAgain = 11;

    private const int OpenAt2 = 437;
    private const int PathOnly = 0x200000 | 0x80000; // O_PATH | O_CLOEXEC
    private const int DuplicateCloseOnExec = 1030;
    private const ulong InRoot = 0x10, Cached = 0x20;

    private static readonly int Directory = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x4000 : 0x10000;

    /// <summary>Opens a folder by its path, ended by NUL, as a place alone.</summary>
    public static unsafe int OpenFolder(ReadOnlySpan<byte> path)
    {
        fixed (byte* name = path) return open(name, PathOnly | Directory);
    }

    /// <summary>
    /// Opens a folder below <paramref name="top"/>, which is the root for it: from memory alone, or however long it takes.
    /// </summary>
    public static unsafe int OpenBelow(int top, ReadOnlySpan<byte> path, bool fromMemory)
    {
        var how = stackalloc ulong[3] { (ulong)(uint)(PathOnly | Directory), 0, fromMemory ? InRoot | Cached : InRoot };
        fixed (byte* name = path) return (int)syscall(OpenAt2, top, (nint)name, (nint)how, 3 * sizeof(ulong));
    }

    /// <summary>What a link says; its length, which is that of <paramref name="to"/> when it is cut, or -1.</summary>
    public static unsafe int ReadLink(ReadOnlySpan<byte> path, Span<byte> to)
    {
        fixed (byte* name = path, into = to) return (int)readlink(name, into, (nuint)to.Length);
    }

    /// <summary>Another descriptor of the same.</summary>
    public static int Duplicate(int fd) => fcntl(fd, DuplicateCloseOnExec, 0);

    public static int Close(int fd) => close(fd);

    [LibraryImport("libc")]
    private static unsafe partial int open(byte* path, int flags);

    [LibraryImport("libc")]
    private static partial int close(int fd);

    [LibraryImport("libc")]
    private static partial int fcntl(int fd, int command, int argument);

    [LibraryImport("libc")]
    private static unsafe partial nint readlink(byte* path, byte* to, nuint size);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, nint first, nint second, nint third, nint fourth);
}
