namespace Picket.Actors;

/// <summary>A timer of a <see cref="TimerThread"/>; used under its lock alone.</summary>
internal sealed class TimerEntry(TimerThread owner, TimerCallback callback, object? state) : ITimer
{
    /// <summary>When it is due, by the thread's clock.</summary>
    public long Due { get; set; }

    /// <summary>Orders what is due at the same moment.</summary>
    public long Sequence { get; set; }

    /// <summary>Between two firings, by the thread's clock; 0 for one that fires once.</summary>
    public long Period { get; set; }

    /// <summary>Where it stands in the heap; -1 while it does not wait.</summary>
    public int Place { get; set; } = -1;

    /// <summary>Whether it is over.</summary>
    public bool IsDisposed { get; set; }

    /// <inheritdoc/>
    public bool Change(TimeSpan dueTime, TimeSpan period) => owner.Change(this, dueTime, period);

    /// <summary>What it is for. Any thread.</summary>
    public void Fire() => callback(state);

    /// <inheritdoc/>
    public void Dispose() => owner.End(this);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
