namespace Picket.Detection.Events.Journal;

/// <summary>
/// The file operations that journals and alert files are made of. A port, so that a test can drop what was not synced when
/// it pulls the plug, fill the disk, or fail the device at any single operation.
/// </summary>
public interface IFileSpace
{
    /// <summary>Makes sure that <paramref name="folder"/> exists; one that it creates is open to its owner alone.</summary>
    /// <exception cref="IOException">It cannot be made, or is no folder.</exception>
    void EnsureFolder(string folder);

    /// <summary>The names, without the path, of the regular files in <paramref name="folder"/>, in ordinal order.</summary>
    IReadOnlyList<string> List(string folder);

    /// <summary>Whether a regular file is there.</summary>
    bool Exists(string path);

    /// <summary>Creates a file that must not exist yet; null when there is no room for it.</summary>
    /// <param name="path">Where.</param>
    /// <param name="groupReadable">Mode 0640 and not 0600.</param>
    /// <exception cref="IOException">It exists, or cannot be created.</exception>
    IFileHandle? TryCreate(string path, bool groupReadable);

    /// <summary>Opens a file that exists. A symbolic link at its place is refused.</summary>
    /// <exception cref="IOException">It is not there, is no regular file, or cannot be opened.</exception>
    IFileHandle Open(string path, bool write);

    /// <summary>Gives a file another name in its folder, in one step, over one that may have that name already.</summary>
    /// <exception cref="IOException">The file system refused.</exception>
    void Rename(string from, string to);

    /// <summary>Removes a file; nothing happens when it is not there.</summary>
    /// <exception cref="IOException">The file system refused.</exception>
    void Delete(string path);

    /// <summary>Takes the lock that <paramref name="path"/> stands for, until the result is disposed or the process ends; null when
    /// somebody else has it.</summary>
    IDisposable? TryLock(string path);

    /// <summary>Makes creations, renames and removals in <paramref name="folder"/> survive a power cut; false when that failed.</summary>
    bool SyncFolder(string folder);
}
