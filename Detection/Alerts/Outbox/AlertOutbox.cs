using Picket.Detection.Events.Journal;

namespace Picket.Detection.Alerts.Outbox;

/// <summary>
/// Where alerts are safe: a segment journal that every sink reads at its own pace. An alert that is made again after a crash
/// carries the id it had and is recognised for as long as the journal keeps it.
/// </summary>
/// <remarks>Puts come from one thread at a time; readers from one thread each.</remarks>
public sealed class AlertOutbox : IDisposable
{
    private readonly SegmentJournal _journal;
    private readonly RecentIds _known;
    private readonly int _largest;
    private long _count;

    private AlertOutbox(SegmentJournal journal, int knownIds, int largest)
    {
        _journal = journal;
        _known = new RecentIds(knownIds);
        _largest = largest;
        using var reader = journal.ReadFrom(journal.Start);
        while (reader.TryPeek(long.MaxValue, out var record, out var next))
        {
            if (OutboxEntry.TryUnpack(record, out var entry)) _known.Add(entry.Id);
            reader.Advance(next);
        }

        DamagedBytes = reader.DamagedBytes;
    }

    /// <summary>What the journal found wrong when it was opened.</summary>
    public IReadOnlyList<JournalFinding> Findings => _journal.Findings;

    /// <summary>Bytes of the retained alerts that could not be read when the outbox was opened.</summary>
    public long DamagedBytes { get; }

    /// <summary>Address behind the last alert; readers that stand here have caught up.</summary>
    public long End => _journal.End;

    /// <summary>Alerts stored since the outbox was opened.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>How often the device refused to make alerts durable.</summary>
    public long SyncFailures => _journal.SyncFailures;

    /// <summary>Opens the outbox in <paramref name="folder"/>.</summary>
    /// <param name="files">The file system.</param>
    /// <param name="folder">The journal's folder.</param>
    /// <param name="options">Bounds and policy; its kind is the outbox's own.</param>
    /// <param name="knownIds">How many ids are remembered: 24 bytes each, and as many hash entries.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="JournalFormatException">The folder holds something else.</exception>
    /// <exception cref="IOException">The folder cannot be used, or another process has it.</exception>
    public static AlertOutbox Open(IFileSpace files, string folder, JournalOptions options, int knownIds, TimeProvider time)
    {
        var journal = SegmentJournal.Open(files, folder, options with { Kind = "outbox" }, time);
        try
        {
            return new AlertOutbox(journal, knownIds, options.MaxRecordBytes);
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    /// <summary>Whether an alert with this id is or was among the last that were stored.</summary>
    public bool Knows(StableId id) => _known.Contains(id);

    /// <summary>Stores an alert unless its id is known.</summary>
    public PutOutcome Put(Alert alert)
    {
        if (_known.Contains(alert.Id)) return PutOutcome.Known;
        var record = OutboxEntry.Pack(alert);
        if (record.Length > _largest) return PutOutcome.TooLarge;
        if (_journal.TryAppend(record, out _) != AppendOutcome.Done) return PutOutcome.Refused;
        _known.Add(alert.Id);
        Interlocked.Increment(ref _count);
        return PutOutcome.Stored;
    }

    /// <summary>The reader of one sink, at the place where its last run left it.</summary>
    /// <param name="sink">The sink's name: letters, digits and hyphens.</param>
    public OutboxReader OpenReader(string sink) => new(_journal, _journal.OpenReader(sink));

    /// <inheritdoc/>
    public void Dispose() => _journal.Dispose();
}
