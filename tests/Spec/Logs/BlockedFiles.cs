using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using Picket.Sensors.Logs.Access;
using Picket.Sensors.Logs.Native;

namespace Picket.Spec.Logs;

/// <summary>The real files, until the test says that one kind of work on one path does not come back.</summary>
[SupportedOSPlatform("linux")]
internal sealed class BlockedFiles : ILogFiles, IDisposable
{
    private static readonly DiskLogFiles Disk = DiskLogFiles.Instance;

    private readonly ManualResetEventSlim _open = new(initialState: true);
    private volatile string _path = "";
    private volatile LogWork _work;
    private int _blocked;
    private long _blockedAt;

    /// <summary>Threads that are blocked.</summary>
    public int Blocked => Volatile.Read(ref _blocked);

    /// <summary>Since when the first one is.</summary>
    public DateTimeOffset BlockedAt => new(Interlocked.Read(ref _blockedAt), TimeSpan.Zero);

    public void Block(LogWork work, string path)
    {
        (_work, _blockedAt) = (work, 0);
        _open.Reset();
        _path = path;
    }

    public void Release()
    {
        _path = "";
        _open.Set();
    }

    public void Dispose() => Release();

    public SafeFileHandle Open(string path, out int errno)
    {
        Pass(LogWork.Open, path);
        return Disk.Open(path, out errno);
    }

    public bool TryStat(string path, out FileFacts facts, out int errno)
    {
        Pass(LogWork.Stat, path);
        return Disk.TryStat(path, out facts, out errno);
    }

    public bool TryStat(SafeFileHandle file, string path, out FileFacts facts)
    {
        Pass(LogWork.Stat, path);
        return Disk.TryStat(file, path, out facts);
    }

    public int Read(SafeFileHandle file, string path, Span<byte> into, long offset)
    {
        Pass(LogWork.Read, path);
        return Disk.Read(file, path, into, offset);
    }

    public void Close(SafeFileHandle file, string path)
    {
        Pass(LogWork.Close, path);
        Disk.Close(file, path);
    }

    public bool IsFolder(string path)
    {
        Pass(LogWork.Stat, path);
        return Disk.IsFolder(path);
    }

    public IReadOnlyList<string> Files(string folder)
    {
        Pass(LogWork.List, folder);
        return Disk.Files(folder);
    }

    public IReadOnlyList<string> Folders(string folder)
    {
        Pass(LogWork.List, folder);
        return Disk.Folders(folder);
    }

    public DateTime LastWritten(string path)
    {
        Pass(LogWork.Stat, path);
        return Disk.LastWritten(path);
    }

    public int AddWatch(SafeFileHandle inotify, string path, uint mask)
    {
        Pass(LogWork.Watch, path);
        return Disk.AddWatch(inotify, path, mask);
    }

    private void Pass(LogWork work, string path)
    {
        if (work != _work || path != _path) return;
        Interlocked.CompareExchange(ref _blockedAt, TimeProvider.System.GetUtcNow().Ticks, 0);
        Interlocked.Increment(ref _blocked);
        _open.Wait();
        Interlocked.Decrement(ref _blocked);
    }
}
