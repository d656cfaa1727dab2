namespace Picket.Actors.Persistence;

/// <summary>How an actor recovers: from which snapshot, up to which event, and how many events at most.</summary>
public sealed record Recovery
{
    /// <summary>From the latest snapshot on, all events.</summary>
    public Recovery() : this(SnapshotSelectionCriteria.Latest)
    {
    }

    /// <summary>A recovery.</summary>
    /// <param name="fromSnapshot">The snapshots that may be taken; null for <see cref="SnapshotSelectionCriteria.Latest"/>.</param>
    /// <param name="toSequenceNr">The last event, included.</param>
    /// <param name="replayMax">At most so many events.</param>
    public Recovery(SnapshotSelectionCriteria? fromSnapshot, long toSequenceNr = long.MaxValue, long replayMax = long.MaxValue)
    {
        FromSnapshot = fromSnapshot ?? SnapshotSelectionCriteria.Latest;
        ToSequenceNr = toSequenceNr;
        ReplayMax = replayMax;
    }

    /// <summary>From the latest snapshot on, all events.</summary>
    public static Recovery Default { get; } = new();

    /// <summary>No snapshot and no event; the numbers of new events still follow those of the old.</summary>
    public static Recovery None { get; } = new(SnapshotSelectionCriteria.None, 0);

    /// <summary>The snapshots that may be taken.</summary>
    public SnapshotSelectionCriteria FromSnapshot { get; }

    /// <summary>The last event, included.</summary>
    public long ToSequenceNr { get; }

    /// <summary>At most so many events.</summary>
    public long ReplayMax { get; }
}
