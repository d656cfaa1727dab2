namespace Picket.Actors.Persistence;

/// <summary>Which snapshots are meant: those whose number and time lie within the bounds, bounds included.</summary>
public sealed record SnapshotSelectionCriteria
{
    /// <summary>All up to a number and a time.</summary>
    /// <param name="maxSequenceNr">The highest number.</param>
    /// <param name="maxTimeStamp">The latest time, UTC.</param>
    /// <param name="minSequenceNr">The lowest number.</param>
    /// <param name="minTimestamp">The earliest time, UTC.</param>
    public SnapshotSelectionCriteria(
        long maxSequenceNr, DateTime maxTimeStamp, long minSequenceNr = 0, DateTime? minTimestamp = null)
    {
        MaxSequenceNr = maxSequenceNr;
        MaxTimeStamp = maxTimeStamp;
        MinSequenceNr = minSequenceNr;
        MinTimestamp = minTimestamp ?? DateTime.MinValue;
    }

    /// <summary>All up to a number.</summary>
    public SnapshotSelectionCriteria(long maxSequenceNr) : this(maxSequenceNr, DateTime.MaxValue)
    {
    }

    /// <summary>No snapshot.</summary>
    public static SnapshotSelectionCriteria None { get; } = new(0, DateTime.MinValue);

    /// <summary>Any; where one is asked for, the one with the highest number.</summary>
    public static SnapshotSelectionCriteria Latest { get; } = new(long.MaxValue, DateTime.MaxValue);

    /// <summary>The highest number.</summary>
    public long MaxSequenceNr { get; init; }

    /// <summary>The latest time, UTC.</summary>
    public DateTime MaxTimeStamp { get; init; }

    /// <summary>The lowest number.</summary>
    public long MinSequenceNr { get; init; }

    /// <summary>The earliest time, UTC.</summary>
    public DateTime? MinTimestamp { get; init; }

    /// <summary>Whether a snapshot is meant.</summary>
    public bool Matches(SnapshotMetadata metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return metadata.SequenceNr <= MaxSequenceNr && metadata.Timestamp <= MaxTimeStamp
            && metadata.SequenceNr >= MinSequenceNr && metadata.Timestamp >= (MinTimestamp ?? DateTime.MinValue);
    }

    /// <summary>The same, with none above a number.</summary>
    public SnapshotSelectionCriteria Limit(long toSequenceNr) =>
        toSequenceNr < MaxSequenceNr ? this with { MaxSequenceNr = toSequenceNr } : this;
}
