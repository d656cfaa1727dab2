using Microsoft.Win32.SafeHandles;
using Picket.Sensors.Logs.Native;

namespace Picket.Sensors.Logs.Access;

/// <summary>Everything by which the reader of logs touches a file system; each may take for ever where that does not answer.</summary>
internal interface ILogFiles
{
    /// <summary>Opens a file for reading; its errno when it cannot be opened.</summary>
    SafeFileHandle Open(string path, out int errno);

    /// <summary>What the file system says of a path, links followed.</summary>
    bool TryStat(string path, out FileFacts facts, out int errno);

    /// <summary>What the file system says of an open file.</summary>
    bool TryStat(SafeFileHandle file, string path, out FileFacts facts);

    /// <summary>Reads from an offset on; 0 at the end.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    int Read(SafeFileHandle file, string path, Span<byte> into, long offset);

    /// <summary>Closes a file.</summary>
    void Close(SafeFileHandle file, string path);

    /// <summary>Whether there is such a folder.</summary>
    bool IsFolder(string path);

    /// <summary>The paths of the files in a folder.</summary>
    /// <exception cref="IOException">It cannot be listed.</exception>
    IReadOnlyList<string> Files(string folder);

    /// <summary>The paths of the folders in a folder.</summary>
    /// <exception cref="IOException">It cannot be listed.</exception>
    IReadOnlyList<string> Folders(string folder);

    /// <summary>When a file was written last.</summary>
    DateTime LastWritten(string path);

    /// <summary>Has inotify tell of changes; the watch's number, below zero where it cannot.</summary>
    int AddWatch(SafeFileHandle inotify, string path, uint mask);
}
