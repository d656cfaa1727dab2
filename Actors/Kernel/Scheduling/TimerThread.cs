using Picket.Actors.Dispatch;

namespace Picket.Actors;

/// <summary>
/// Timers by the real clock that a thread of the kernel's own waits for; what is due runs on one of its workers. The runtime's timers
/// fire on its thread pool: who blocks that would stop heartbeats and barriers, and each firing wakes two threads more.
/// </summary>
/// <remarks>A callback must not throw. One that takes long holds up those that were due at the same moment, and no others.</remarks>
internal sealed class TimerThread(WorkerPool pool)
{
    private readonly object _gate = new();
    private readonly TimerHeap _heap = new();
    private readonly TimeProvider _time = TimeProvider.System;
    private Thread? _thread;

    /// <summary>The one of the process.</summary>
    public static TimerThread Shared { get; } = new(WorkerPool.Shared);

    /// <summary>Makes a timer that waits for nothing yet.</summary>
    public ITimer Create(TimerCallback callback, object? state) => new TimerEntry(this, callback, state);

    /// <summary>As <see cref="ITimer.Change"/>: a time from now, and the time between those that follow; each infinite for none.</summary>
    public bool Change(TimerEntry entry, TimeSpan due, TimeSpan period)
    {
        lock (_gate)
        {
            if (entry.IsDisposed) return false;
            _heap.Remove(entry);
            entry.Period = period == Timeout.InfiniteTimeSpan ? 0 : ToClock(period);
            if (due == Timeout.InfiniteTimeSpan) return true;
            _heap.Add(entry, _time.GetTimestamp() + ToClock(due));
            if (_heap.First == entry) Wake();
            return true;
        }
    }

    /// <summary>Ends a timer. A firing that has begun, or whose turn on a worker has not come yet, goes on.</summary>
    public void End(TimerEntry entry)
    {
        lock (_gate)
        {
            entry.IsDisposed = true;
            _heap.Remove(entry);
        }
    }

    private void Wake()
    {
        if (_thread is not null)
        {
            Monitor.Pulse(_gate);
            return;
        }

        _thread = new Thread(Run) { IsBackground = true, Name = "picket-timers" };
        _thread.UnsafeStart();
    }

    private void Run()
    {
        lock (_gate)
        {
            while (true)
            {
                var now = _time.GetTimestamp();
                if (TakeDue(now) is { } due) pool.Inject(due);
                if (_heap.Count == 0) Monitor.Wait(_gate);
                else Monitor.Wait(_gate, Milliseconds(_heap.First.Due - now));
            }
        }
    }

    private DueTimers? TakeDue(long now)
    {
        List<TimerEntry>? due = null;
        while (_heap.Count > 0 && _heap.First is var entry && entry.Due <= now)
        {
            (due ??= []).Add(entry);
            _heap.Remove(entry);

            // By its own beat, however late this one is; what was missed is not made up for.
            if (entry.Period > 0) _heap.Add(entry, entry.Due + (((now - entry.Due) / entry.Period) + 1) * entry.Period);
        }

        return due is null ? null : new DueTimers(due);
    }

    private long ToClock(TimeSpan time) => (long)Math.Min(time.TotalSeconds * _time.TimestampFrequency, long.MaxValue / 4.0);

    private int Milliseconds(long clock) => (int)Math.Clamp(Math.Ceiling(clock * 1000.0 / _time.TimestampFrequency), 1, int.MaxValue);

    private sealed class DueTimers(List<TimerEntry> entries) : IThreadPoolWorkItem
    {
        public void Execute()
        {
            foreach (var entry in entries) entry.Fire();
        }
    }
}
