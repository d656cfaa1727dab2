namespace Picket.Detection.Events.Journal;

/// <summary>
/// Reads a journal's records in order, across segments, from a position of its own. A named reader's position is kept on disk.
/// Used by one thread at a time; appends may go on meanwhile.
/// </summary>
public sealed class JournalReader : IDisposable
{
    private readonly SegmentJournal _journal;
    private readonly PositionFile? _file;
    private SegmentScanner? _scanner;
    private long _committed;

    internal JournalReader(SegmentJournal journal, string name, PositionFile? file, long position)
    {
        _journal = journal;
        Name = name;
        _file = file;
        Position = position;
        _committed = position;
    }

    /// <summary>The reader's name; empty for one without a kept position.</summary>
    public string Name { get; }

    /// <summary>Where it reads next.</summary>
    public long Position { get; private set; }

    /// <summary>The position that a next run would start from.</summary>
    public long Committed => Volatile.Read(ref _committed);

    /// <summary>Bytes that it stepped over because no whole record was in them.</summary>
    public long DamagedBytes { get; private set; }

    /// <summary>The next record, without moving past it: a record that could not be worked off is seen again.</summary>
    /// <param name="upTo">Records that end behind this address are left for later; <see cref="long.MaxValue"/> for all.</param>
    /// <param name="payload">The record, until the next call.</param>
    /// <param name="next">What to give <see cref="Advance"/> when it is worked off.</param>
    /// <returns>False when there is none yet.</returns>
    /// <exception cref="IOException">The device failed.</exception>
    public bool TryPeek(long upTo, out ReadOnlySpan<byte> payload, out long next)
    {
        while (true)
        {
            var segment = _journal.SegmentAt(Position);
            if (segment is null || segment.Start >= upTo) break;
            if (Position < segment.Start) Position = segment.Start;
            if (_scanner?.Segment != segment && !TryEnter(segment)) continue;
            var end = segment.End;
            if (_scanner!.TryNext(Position, end, out var start, out next, out payload))
            {
                DamagedBytes += start - Position;
                Position = start;
                if (next > upTo) break;
                return true;
            }

            DamagedBytes += end - Position;
            Position = end;
        }

        payload = default;
        next = Position;
        return false;
    }

    /// <summary>Moves past the record that <see cref="TryPeek"/> gave.</summary>
    public void Advance(long next)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(next, Position);
        Position = next;
    }

    /// <summary>Keeps a position on disk, in one step that a crash cannot cut in half.</summary>
    /// <param name="position">A position that this reader had.</param>
    /// <param name="sync">Whether to wait until it survives a power cut.</param>
    /// <returns>False when the disk refused; a next run then starts from an older position.</returns>
    public bool Commit(long position, bool sync)
    {
        if (position == Committed) return true;
        if (_file is not null && !_file.Save(position, sync)) return false;
        Volatile.Write(ref _committed, position);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _journal.Forget(this);
        _scanner?.Dispose();
        _file?.Dispose();
    }

    private bool TryEnter(JournalSegment segment)
    {
        _scanner?.Dispose();
        _scanner = null;
        try
        {
            _scanner = _journal.Scan(segment);
            return true;
        }
        catch (FileNotFoundException) when (_journal.SegmentAt(Position) != segment)
        {
            return false; // trimmed since it was looked up
        }
    }
}
