namespace Picket.Actors.Persistence;

/// <summary>What a snapshot is of.</summary>
public sealed record SnapshotMetadata
{
    /// <summary>A time that was not given.</summary>
    public static readonly DateTime TimestampNotSpecified = DateTime.MinValue;

    /// <summary>A snapshot whose time is not known.</summary>
    /// <param name="persistenceId">Whose state.</param>
    /// <param name="sequenceNr">Number of the last event in it.</param>
    public SnapshotMetadata(string persistenceId, long sequenceNr) : this(persistenceId, sequenceNr, TimestampNotSpecified)
    {
    }

    /// <summary>A snapshot.</summary>
    /// <param name="persistenceId">Whose state.</param>
    /// <param name="sequenceNr">Number of the last event in it.</param>
    /// <param name="timestamp">When it was taken, UTC.</param>
    public SnapshotMetadata(string persistenceId, long sequenceNr, DateTime timestamp)
    {
        ArgumentException.ThrowIfNullOrEmpty(persistenceId);
        PersistenceId = persistenceId;
        SequenceNr = sequenceNr;
        Timestamp = timestamp;
    }

    /// <summary>Whose state it is.</summary>
    public string PersistenceId { get; }

    /// <summary>Number of the last event in it.</summary>
    public long SequenceNr { get; }

    /// <summary>When it was taken, UTC.</summary>
    public DateTime Timestamp { get; }
}
