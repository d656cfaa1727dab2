namespace Picket.Detection.Events.Journal;

/// <summary>How a <see cref="SegmentJournal"/> behaves; validated by <see cref="Validate"/> when a journal opens.</summary>
public sealed record JournalOptions
{
    /// <summary>What the journal holds, 1 to 8 ASCII characters, written into each segment: a folder of another kind is refused.</summary>
    public required string Kind { get; init; }

    /// <summary>Bytes at which a segment is sealed and the next begun.</summary>
    public long SegmentBytes { get; init; } = 8 << 20;

    /// <summary>Bytes that all segments together may take.</summary>
    public long MaxBytes { get; init; } = 64 << 20;

    /// <summary>The largest record in bytes.</summary>
    public int MaxRecordBytes { get; init; } = 4 << 20;

    /// <summary>When appended records are made durable.</summary>
    public SyncPolicy Sync { get; init; } = SyncPolicy.Interval;

    /// <summary>The interval of <see cref="SyncPolicy.Interval"/>.</summary>
    public TimeSpan SyncInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>After a full or failing disk: how long appends are refused at once before the disk is tried again.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Checks the options against each other.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message names it.</exception>
    public void Validate()
    {
        if (Kind.Length is 0 or > 8 || !System.Text.Ascii.IsValid(Kind))
            throw new ArgumentException("Kind must be 1 to 8 ASCII characters");
        if (MaxRecordBytes < 1) throw new ArgumentException("MaxRecordBytes must be positive");
        if (SegmentBytes < JournalFrame.SizeFor(MaxRecordBytes) + JournalSegment.HeaderSize)
            throw new ArgumentException(
                $"SegmentBytes ({SegmentBytes}) must hold one record of MaxRecordBytes ({MaxRecordBytes}) and its header");
        if (MaxBytes < 2 * SegmentBytes)
            throw new ArgumentException($"MaxBytes ({MaxBytes}) must hold two segments of SegmentBytes ({SegmentBytes})");
        if (SyncInterval <= TimeSpan.Zero) throw new ArgumentException("SyncInterval must be positive");
        if (RetryDelay < TimeSpan.Zero) throw new ArgumentException("RetryDelay must not be negative");
    }
}
