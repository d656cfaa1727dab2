namespace Picket.Spec.Logs;

/// <summary>The system's clock, which holds the thread that reads logs where it dates a line, and counts what others ask it.</summary>
internal sealed class HeldClock : TimeProvider, IDisposable
{
    private readonly ManualResetEventSlim _go = new(initialState: true);
    private int _held;
    private int _asked;
    private int _armed;

    /// <summary>Threads that are held.</summary>
    public int Held => Volatile.Read(ref _held);

    /// <summary>How often other threads asked for the time of day.</summary>
    public int Asked => Volatile.Read(ref _asked);

    /// <summary>Holds the thread that reads logs at the next line that it dates, once.</summary>
    public void Hold()
    {
        _go.Reset();
        Volatile.Write(ref _armed, 1);
    }

    /// <summary>Lets it go.</summary>
    public void Release() => _go.Set();

    public void Dispose() => _go.Dispose();

    public override DateTimeOffset GetUtcNow()
    {
        if (Thread.CurrentThread.Name != "picket-logs")
        {
            Interlocked.Increment(ref _asked);
        }
        else if (Interlocked.Exchange(ref _armed, 0) == 1)
        {
            Interlocked.Increment(ref _held);
            _go.Wait();
            Interlocked.Decrement(ref _held);
        }

        return base.GetUtcNow();
    }
}
