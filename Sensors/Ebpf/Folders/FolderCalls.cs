using System.Runtime.InteropServices;

namespace Picket.Sensors.Ebpf.Folders;

/// <summary>The system calls by which folders are found.</summary>
internal static partial class FolderCalls
{
    /// <summary>errno for what is not in the kernel's memory alone.</summary>
    public const int TryAgain = 11;

    private const long ProcMagic = 0x9fa0;
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
    public static int OpenBelow(int top, ReadOnlySpan<byte> path, bool fromMemory) => OpenBelow(top, path, fromMemory, Directory);

    /// <summary>The same for what may be any file.</summary>
    public static int OpenAnyBelow(int top, ReadOnlySpan<byte> path, bool fromMemory) => OpenBelow(top, path, fromMemory, 0);

    /// <summary>Whether what is open lies in the file system of processes.</summary>
    public static unsafe bool IsOfProcesses(int fd)
    {
        var facts = stackalloc long[32];
        return fstatfs(fd, facts) == 0 && facts[0] == ProcMagic;
    }

    private static unsafe int OpenBelow(int top, ReadOnlySpan<byte> path, bool fromMemory, int flags)
    {
        var how = stackalloc ulong[3] { (ulong)(uint)(PathOnly | flags), 0, fromMemory ? InRoot | Cached : InRoot };
        fixed (byte* name = path) return (int)syscall(OpenAt2, top, (nint)name, (nint)how, 3 * sizeof(ulong));
    }

    /// <summary>Opens what a path leads to, as a place alone, by way of every link.</summary>
    public static unsafe int OpenPlace(ReadOnlySpan<byte> path)
    {
        fixed (byte* name = path) return open(name, PathOnly);
    }

    /// <summary>Whether two are one file, reached through one mount: the same path of two mount namespaces is not.</summary>
    public static unsafe bool AreOne(int one, int other)
    {
        const int Size = 256, Inode = 32, Place = 136;
        var first = stackalloc byte[Size];
        var second = stackalloc byte[Size];
        return Look(one, first) && Look(other, second) && *(ulong*)(first + Inode) == *(ulong*)(second + Inode)
            && new Span<byte>(first + Place, 16).SequenceEqual(new Span<byte>(second + Place, 16));
    }

    private static unsafe bool Look(int fd, byte* facts)
    {
        const uint EmptyPath = 0x1000, InodeAndMount = 0x1100;
        byte nothing = 0;
        return statx(fd, &nothing, EmptyPath, InodeAndMount, facts) == 0;
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

    [LibraryImport("libc")]
    private static unsafe partial int statx(int fd, byte* path, uint flags, uint mask, byte* facts);

    [LibraryImport("libc")]
    private static unsafe partial int fstatfs(int fd, long* facts);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, nint first, nint second, nint third, nint fourth);
}
