namespace Picket.Sensors.Logs;

/// <summary>What of the host's logs is read, and how. Validated once, when made.</summary>
public sealed record LogsOptions
{
    private readonly int _maxLineBytes = 32 * 1024;

    /// <summary>The files, in the order in which a path that several stand for is decided.</summary>
    public required IReadOnlyList<WatchedFiles> Files { get; init; }

    /// <summary>How the journal is read; null for not at all.</summary>
    public JournalReading? Journal { get; init; }

    /// <summary>The file in which positions are kept over restarts.</summary>
    public required string PositionsFile { get; init; }

    /// <summary>Paths that are never read, such as the node's own alerts: what a rule finds there would be found again for ever.</summary>
    public IReadOnlyList<string> Own { get; init; } = [];

    /// <summary>Whether a file that is there when it is first heard of is read from its end on; else from its beginning.</summary>
    public bool FirstFromEnd { get; init; } = true;

    /// <summary>Bytes of a line that are carried, 1 KiB to 1 MiB; the rest is skipped and counted.</summary>
    public int MaxLineBytes
    {
        get => _maxLineBytes;
        init => _maxLineBytes = value is >= 1024 and <= 1024 * 1024
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "a line's limit is from 1 KiB to 1 MiB");
    }

    /// <summary>The longest time between two looks where the kernel says nothing of changes.</summary>
    public TimeSpan LookInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long writes gather before they are read.</summary>
    public TimeSpan GatherInterval { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>The least time between two writes of the positions.</summary>
    public TimeSpan SaveInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a file that was renamed is still read: its writer has it open until it is told.</summary>
    public TimeSpan RotatedLinger { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Batches in the pool.</summary>
    public int Batches { get; init; } = 4;

    /// <summary>Lines a batch.</summary>
    public int BatchRecords { get; init; } = 256;

    /// <summary>Initial arena of a batch in bytes.</summary>
    public int BatchBytes { get; init; } = 256 * 1024;

    /// <summary>Time between two comparisons of the ledger.</summary>
    public required TimeSpan LedgerInterval { get; init; }

    /// <summary>Whether this sensor numbers the node's barriers, as no other one does.</summary>
    public bool NumbersBarriers { get; init; }
}
