namespace Picket.Sensors.Ebpf.Folders;

/// <summary>
/// Opens what is not in the kernel's memory alone, on a thread that may wait for a file system, so that the reader need not: it waits
/// a moment at most, and while the thread is still waiting nothing more is asked.
/// </summary>
/// <remarks>
/// A link that was made in the same tick of the clock as it was first followed needs it: the next to follow it sets its time of
/// access, which the kernel counts as more than a look into memory.
/// </remarks>
internal sealed class PatientOpener : IDisposable
{
    private const int WindowMs = 10;

    /// <summary>Each costs two switches of threads, some 50 us.</summary>
    private const int MostInWindow = 20;

    private readonly Func<int, byte[], int> _open;
    private readonly int _patienceMs;
    private readonly SemaphoreSlim _asked = new(0);
    private readonly SemaphoreSlim _answered = new(0);
    private readonly byte[] _path = new byte[4096];
    private readonly Thread _thread;
    private bool _busy;
    private bool _started;
    private long _windowEnd;
    private int _inWindow;
    private volatile bool _over;
    private int _top;
    private int _result;

    /// <summary>The thread starts when it is first needed.</summary>
    /// <param name="patienceMs">How long the reader waits for an answer, in milliseconds.</param>
    /// <param name="open">Opens a path, ended by NUL, below a descriptor, which it closes.</param>
    public PatientOpener(int patienceMs, Func<int, byte[], int> open)
    {
        _open = open;
        _patienceMs = patienceMs;
        _thread = new Thread(Work) { Name = "picket-folders", IsBackground = true };
    }

    /// <summary>A descriptor, or -1 where there is none, or none in time.</summary>
    /// <param name="top">What the path begins at; it is closed.</param>
    /// <param name="path">The path, ended by NUL.</param>
    public int Open(int top, ReadOnlySpan<byte> path)
    {
        if (top < 0) return -1;
        if (path.Length > _path.Length || !MayAsk())
        {
            _ = FolderCalls.Close(top);
            return -1;
        }

        path.CopyTo(_path);
        _top = top;
        _busy = true;
        if (!_started) _thread.Start();
        _started = true;
        _asked.Release();
        if (!_answered.Wait(_patienceMs)) return -1;
        _busy = false;
        return _result;
    }

    /// <summary>Ends the thread as soon as it waits for nothing.</summary>
    public void Dispose()
    {
        _over = true;
        _asked.Release();
    }

    private bool MayAsk()
    {
        if (_busy)
        {
            if (!_answered.Wait(0)) return false;
            if (_result >= 0) _ = FolderCalls.Close(_result);
            _busy = false;
        }

        var now = Environment.TickCount64;
        if (now >= _windowEnd) (_windowEnd, _inWindow) = (now + WindowMs, 0);
        return _inWindow++ < MostInWindow;
    }

    private void Work()
    {
        while (true)
        {
            _asked.Wait();
            if (_over) return;
            _result = _open(_top, _path);
            _answered.Release();
        }
    }
}
