namespace Picket.Sensors.Ebpf.Folders;

/// <summary>Finds where a folder really is that a caller named by a string.</summary>
internal interface IFolderLookup
{
    /// <summary>
    /// The folder's path without symbolic links, from the root of the mount namespace; its length, or -1 where it cannot be found.
    /// </summary>
    /// <param name="mountNamespace">The caller's mount namespace.</param>
    /// <param name="pid">The caller, who may have ended.</param>
    /// <param name="root">The caller's root where that is not the namespace's; empty else.</param>
    /// <param name="folder">The folder below that root, ended by NUL.</param>
    /// <param name="result">Where the path goes.</param>
    int Find(uint mountNamespace, int pid, ReadOnlySpan<byte> root, ReadOnlySpan<byte> folder, Span<byte> result);

    /// <summary>The same for what may be any file: a symbolic link at the end is followed, too.</summary>
    int FindAny(uint mountNamespace, int pid, ReadOnlySpan<byte> root, ReadOnlySpan<byte> path, Span<byte> result);

    /// <summary>Says of a process that it may live in a mount namespace.</summary>
    void Learn(uint mountNamespace, int pid);
}
