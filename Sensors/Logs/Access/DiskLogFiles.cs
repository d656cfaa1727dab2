using Microsoft.Win32.SafeHandles;
using Picket.Sensors.Logs.Native;

namespace Picket.Sensors.Logs.Access;

/// <summary>The real file systems.</summary>
internal sealed class DiskLogFiles : ILogFiles
{
    public static readonly DiskLogFiles Instance = new();

    private DiskLogFiles()
    {
    }

    public SafeFileHandle Open(string path, out int errno) => LogLibc.Open(path, out errno);

    public bool TryStat(string path, out FileFacts facts, out int errno) => LogLibc.TryStat(path, out facts, out errno);

    public bool TryStat(SafeFileHandle file, string path, out FileFacts facts) => LogLibc.TryStat(file, out facts);

    public int Read(SafeFileHandle file, string path, Span<byte> into, long offset) => RandomAccess.Read(file, into, offset);

    public void Close(SafeFileHandle file, string path) => file.Dispose();

    public bool IsFolder(string path) => Directory.Exists(path);

    public IReadOnlyList<string> Files(string folder) => Directory.GetFiles(folder);

    public IReadOnlyList<string> Folders(string folder) => Directory.GetDirectories(folder);

    public DateTime LastWritten(string path) => File.GetLastWriteTimeUtc(path);

    public int AddWatch(SafeFileHandle inotify, string path, uint mask) => LogLibc.AddWatch(inotify, path, mask);
}
