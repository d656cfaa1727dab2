using Picket.Detection.Alerts;
using Picket.Detection.Events.Journal;

namespace Picket.Detection.Sigma.Correlation;

/// <summary>
/// What groups took since their last snapshot, on disk, written before the events are done with: a kill costs nothing of it. Never synced:
/// at a power cut the snapshot stands, and what came after it is lost.
/// </summary>
public sealed class CorrelationJournal : IDisposable
{
    private const int SegmentBytes = 4 << 20;
    private const int MaxRecordBytes = 2 << 20;

    /// <summary>A journal leaves so many addresses out where a file was begun and never written to; no record is as short.</summary>
    private const int UnusedBytes = 8;

    private readonly SegmentJournal _journal;

    private CorrelationJournal(SegmentJournal journal, long maxBytes)
    {
        _journal = journal;
        MaxBytes = maxBytes;
    }

    /// <summary>The bound of all files together, in bytes.</summary>
    public long MaxBytes { get; }

    /// <summary>The address behind the last record.</summary>
    public long End => _journal.End;

    /// <summary>Bytes on disk.</summary>
    public long Bytes => _journal.Bytes;

    /// <summary>What was found wrong with its files when it was opened.</summary>
    internal IReadOnlyList<JournalFinding> Findings => _journal.Findings;

    /// <summary>Opens the journal in <paramref name="folder"/>.</summary>
    /// <param name="files">The file system.</param>
    /// <param name="folder">The journal's folder, made when missing.</param>
    /// <param name="maxBytes">The bound, at least 8 MiB.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="JournalFormatException">The folder holds something else.</exception>
    /// <exception cref="IOException">The folder cannot be used, or another process has it.</exception>
    public static CorrelationJournal Open(IFileSpace files, string folder, long maxBytes, TimeProvider time)
    {
        var options = new JournalOptions
        {
            Kind = "correl", SegmentBytes = SegmentBytes, MaxBytes = maxBytes, MaxRecordBytes = MaxRecordBytes, Sync = SyncPolicy.None,
        };
        return new CorrelationJournal(SegmentJournal.Open(files, folder, options, time), maxBytes);
    }

    /// <inheritdoc/>
    public void Dispose() => _journal.Dispose();

    /// <summary>Writes entries; false when the disk took none of them.</summary>
    internal bool Add(ReadOnlySpan<byte> entries) =>
        entries.Length <= MaxRecordBytes && _journal.TryAppend(entries, out _) == AppendOutcome.Done;

    /// <summary>Gives up what is before an address, as far as whole files are.</summary>
    internal void Trim(long position)
    {
        try
        {
            _journal.Trim(position);
        }
        catch (IOException)
        {
            // It stays until a later one; the bound holds all the same.
        }
    }

    /// <summary>Gives an engine all that is kept.</summary>
    /// <param name="engine">The engine, with the groups of a snapshot.</param>
    /// <param name="position">The address up to which the snapshot has it.</param>
    /// <param name="isWritten">Says whether the alert with an id came to be.</param>
    /// <returns>Bytes behind that address in which there were records and are none: they are damaged, or gone.</returns>
    /// <exception cref="IOException">The device failed.</exception>
    internal long Replay(CorrelationEngine engine, long position, Func<StableId, bool> isWritten)
    {
        using var reader = _journal.ReadFrom(_journal.Start);
        var (missing, whole) = (0L, position);
        while (reader.TryPeek(long.MaxValue, out var record, out var next))
        {
            missing += Gap(whole, reader.Position);
            engine.Replay(record, reader.Position < position, isWritten);
            reader.Advance(next);
            whole = Math.Max(whole, next);
        }

        return missing + Gap(whole, _journal.End);
    }

    private static long Gap(long from, long to) => to - from > UnusedBytes ? to - from : 0;
}
