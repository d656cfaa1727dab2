using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Picket.Sensors.OwnFiles.Native;

/// <summary>The system calls of fanotify(7), as far as folders and the names in them go: Linux 5.9 and newer.</summary>
internal static unsafe partial class FanotifyLibc
{
    public const ulong Modify = 2;
    public const ulong Attrib = 4;
    public const ulong CloseWrite = 8;
    public const ulong MovedFrom = 0x40;
    public const ulong MovedTo = 0x80;
    public const ulong Create = 0x100;
    public const ulong Delete = 0x200;
    public const ulong DeleteSelf = 0x400;
    public const ulong MoveSelf = 0x800;
    public const ulong Overflow = 0x4000;
    public const ulong OnFolder = 0x4000_0000;

    public const int WouldBlock = 11;
    public const int NotThere = 2;

    private const ulong OnChild = 0x0800_0000;
    private const ulong Asked =
        Modify | Attrib | CloseWrite | MovedFrom | MovedTo | Create | Delete | DeleteSelf | MoveSelf | OnFolder | OnChild;

    private const uint CloseOnExec = 1, NonBlocking = 2, FoldersAndNames = 0x400 | 0x800;
    private const uint MarkAdd = 1, MarkOnlyFolder = 8;
    private const int AtCurrentFolder = -100;
    private const int AtHandleOfAnyKind = 0x200;
    private const int InvalidArgument = 22;
    private const int LongestHandle = 128;

    /// <summary>Where struct statfs has the file system's id, on 64-bit Linux.</summary>
    private const int FsidOffset = 56;
    private const int FsidBytes = 8;

    /// <summary>Opens a group; its errno when the kernel has none of this kind or does not let this user.</summary>
    public static SafeFileHandle Open(out int errno)
    {
        var fd = Init(CloseOnExec | NonBlocking | FoldersAndNames, 0);
        errno = fd < 0 ? Marshal.GetLastPInvokeError() : 0;
        return new SafeFileHandle(fd, ownsHandle: true);
    }

    /// <summary>Asks for changes of a folder and of what lies in it. To ask twice is to ask once.</summary>
    /// <returns>0 or the errno.</returns>
    public static int Mark(SafeFileHandle group, string folder) =>
        AddMark(group, MarkAdd | MarkOnlyFolder, Asked, AtCurrentFolder, folder) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>How events name a folder: its file system's id and its handle. Links are followed, as a mark follows them.</summary>
    /// <returns>0 or the errno.</returns>
    public static int TryName(string folder, out string key)
    {
        const int FollowLink = 0x400;
        key = "";
        var bytes = stackalloc byte[FsidBytes + 8 + LongestHandle];
        var stat = stackalloc byte[256];
        if (StatFs(folder, stat) != 0) return Marshal.GetLastPInvokeError();
        new ReadOnlySpan<byte>(stat + FsidOffset, FsidBytes).CopyTo(new Span<byte>(bytes, FsidBytes));
        var handle = (uint*)(bytes + FsidBytes);

        // File systems that cannot open by handle have one of another kind, since 6.5; older kernels do not know the flag.
        *handle = LongestHandle;
        if (NameToHandle(AtCurrentFolder, folder, (byte*)handle, out _, FollowLink | AtHandleOfAnyKind) != 0)
        {
            var errno = Marshal.GetLastPInvokeError();
            if (errno != InvalidArgument) return errno;
            *handle = LongestHandle;
            if (NameToHandle(AtCurrentFolder, folder, (byte*)handle, out _, FollowLink) != 0) return Marshal.GetLastPInvokeError();
        }

        key = Convert.ToHexString(new ReadOnlySpan<byte>(bytes, FsidBytes + 8 + (int)*handle));
        return 0;
    }

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(SafeFileHandle group, byte* into, nuint count);

    [LibraryImport("libc", EntryPoint = "fanotify_init", SetLastError = true)]
    private static partial int Init(uint flags, uint openFlags);

    [LibraryImport("libc", EntryPoint = "fanotify_mark", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AddMark(SafeFileHandle group, uint flags, ulong mask, int folder, string path);

    [LibraryImport("libc", EntryPoint = "statfs", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatFs(string path, byte* into);

    [LibraryImport("libc", EntryPoint = "name_to_handle_at", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NameToHandle(int folder, string path, byte* handle, out int mount, int flags);
}
