namespace Picket.Actors;

/// <summary>
/// One timer for all schedules of one interval: it fires at whole multiples of the interval of the scheduler's clock, so that a process
/// with nothing to do is woken once for all of them. Without a schedule there is no timer.
/// </summary>
internal sealed class Pulse(Scheduler owner, TimeSpan interval)
{
    private readonly Lock _sync = new();
    private Scheduler.Entry[] _entries = [];
    private ITimer? _timer;

    public void Add(Scheduler.Entry entry)
    {
        lock (_sync)
        {
            _entries = [.. _entries, entry];
            if (_timer is not null) return;
            var late = owner.MonotonicClock.Ticks % interval.Ticks;
            _timer = owner.CreateTimer(static state => ((Pulse)state!).Beat(), this);
            _timer.Change(interval - TimeSpan.FromTicks(late), interval);
        }
    }

    public void Remove(Scheduler.Entry entry)
    {
        lock (_sync)
        {
            _entries = [.. _entries.Where(other => other != entry)];
            if (_entries.Length > 0) return;
            _timer?.Dispose();
            _timer = null;
        }
    }

    private void Beat()
    {
        foreach (var entry in Volatile.Read(ref _entries)) entry.Fire();
    }
}
