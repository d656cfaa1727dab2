using Microsoft.Win32.SafeHandles;
using Picket.Sensors.Ebpf;
using Picket.Sensors.Logs.Native;

namespace Picket.Sensors.Logs.Access;

/// <summary>
/// One thread's way to the files. It notes before each step what it is at, so that others see where it hangs, and touches nothing that is
/// left out. A thread that was left behind gets no further than the end of the step at which it hung.
/// </summary>
internal sealed class LogAccess(ILogFiles files, LeftOutPaths leftOut) : ILogFiles
{
    private const long Over = -1;

    private long _number;
    private LogWork _work;
    private string _path = "";
    private ulong _sinceNs = BootClock.NowNs;
    private long _allowance;
    private Action? _moved;

    /// <summary>Whether another thread reads in this one's place.</summary>
    public bool IsOver => Interlocked.Read(ref _number) == Over;

    /// <summary>What is left out now.</summary>
    public LeftOutPaths LeftOut => leftOut;

    /// <summary>Where the thread is; for any other thread.</summary>
    public LogTurn Turn
    {
        get
        {
            // The time is written first: with another step's path it is too young, never too old.
            var number = Interlocked.Read(ref _number);
            var (path, work, allowance) = (Volatile.Read(ref _path), _work, Volatile.Read(ref _allowance));
            return new LogTurn(number, work, path, Volatile.Read(ref _sinceNs), TimeSpan.FromTicks(allowance));
        }
    }

    /// <summary>
    /// Ends the thread where it is, if it has made no step since: the one that it hangs in is its last. Only for a thread that is not
    /// handing on.
    /// </summary>
    public bool TryLeave(in LogTurn turn) => Interlocked.CompareExchange(ref _number, Over, turn.Number) == turn.Number;

    /// <summary>Ends the thread with the step in which it is.</summary>
    public void Leave() => Interlocked.Exchange(ref _number, Over);

    /// <summary>Calls <paramref name="then"/> once, on the thread, when it ends its present step.</summary>
    public void WhenMoved(Action then) => Volatile.Write(ref _moved, then);

    /// <summary>A step by itself: from here on the thread changes what others see.</summary>
    /// <exception cref="LeftBehindException">Another thread reads in its place.</exception>
    public void Step() => Begin(LogWork.Own, "");

    /// <summary>From here on the thread waits, which may take as long as is said.</summary>
    public void BeginWait(TimeSpan longest) => Begin(LogWork.Wait, "", longest);

    /// <summary>It waits no longer.</summary>
    public void EndWait() => End();

    /// <summary>Does what writes the positions down.</summary>
    public T Keep<T>(string path, Func<T> keep)
    {
        Begin(LogWork.Keep, path);
        var result = keep();
        End();
        return result;
    }

    public SafeFileHandle Open(string path, out int errno)
    {
        errno = ErrorText.TimedOut;
        if (leftOut.Covers(path)) return new SafeFileHandle(-1, ownsHandle: true);
        Begin(LogWork.Open, path);
        var file = files.Open(path, out errno);
        if (!TryEnd()) file.Dispose();
        RefuseWhenOver();
        return file;
    }

    public bool TryStat(string path, out FileFacts facts, out int errno)
    {
        (facts, errno) = (default, ErrorText.TimedOut);
        if (leftOut.Covers(path)) return false;
        Begin(LogWork.Stat, path);
        var done = files.TryStat(path, out facts, out errno);
        End();
        return done;
    }

    public bool TryStat(SafeFileHandle file, string path, out FileFacts facts)
    {
        Begin(LogWork.Stat, path);
        var done = files.TryStat(file, path, out facts);
        End();
        return done;
    }

    public int Read(SafeFileHandle file, string path, Span<byte> into, long offset) // hot
    {
        Begin(LogWork.Read, path);
        try
        {
            return files.Read(file, path, into, offset);
        }
        finally
        {
            End();
        }
    }

    /// <summary>Also one that was left behind closes what it holds.</summary>
    public void Close(SafeFileHandle file, string path)
    {
        TryBegin(LogWork.Close, path, TimeSpan.Zero);
        files.Close(file, path);
        TryEnd();
    }

    public bool IsFolder(string path)
    {
        if (leftOut.Covers(path)) return false;
        Begin(LogWork.Stat, path);
        var there = files.IsFolder(path);
        End();
        return there;
    }

    public IReadOnlyList<string> Files(string folder) => List(folder, files.Files);

    public IReadOnlyList<string> Folders(string folder) => List(folder, files.Folders);

    public DateTime LastWritten(string path)
    {
        if (leftOut.Covers(path)) return default;
        Begin(LogWork.Stat, path);
        try
        {
            return files.LastWritten(path);
        }
        finally
        {
            End();
        }
    }

    public int AddWatch(SafeFileHandle inotify, string path, uint mask)
    {
        if (leftOut.Covers(path)) return -1;
        Begin(LogWork.Watch, path);
        var watch = files.AddWatch(inotify, path, mask);
        End();
        return watch;
    }

    private IReadOnlyList<string> List(string folder, Func<string, IReadOnlyList<string>> list)
    {
        if (leftOut.Covers(folder)) return [];
        Begin(LogWork.List, folder);
        try
        {
            return list(folder);
        }
        finally
        {
            End();
        }
    }

    private void Begin(LogWork work, string path, TimeSpan allowance = default)
    {
        TryBegin(work, path, allowance);
        RefuseWhenOver();
    }

    private void End()
    {
        TryEnd();
        RefuseWhenOver();
    }

    private void RefuseWhenOver()
    {
        if (IsOver) throw new LeftBehindException();
    }

    private bool TryEnd()
    {
        if (Volatile.Read(ref _moved) is not null) Interlocked.Exchange(ref _moved, null)?.Invoke();
        return TryBegin(LogWork.Own, "", TimeSpan.Zero);
    }

    private bool TryBegin(LogWork work, string path, TimeSpan allowance) // hot
    {
        var number = Interlocked.Read(ref _number);
        if (number == Over) return false;
        Volatile.Write(ref _sinceNs, BootClock.NowNs);
        _work = work;
        Volatile.Write(ref _allowance, allowance.Ticks);
        Volatile.Write(ref _path, path);
        return Interlocked.CompareExchange(ref _number, number + 1, number) == number;
    }
}
