using Picket.Detection.Events.Journal;

namespace Picket.Detection.Alerts.Outbox;

/// <summary>One sink's way through the outbox. Used by one thread at a time.</summary>
public sealed class OutboxReader : IDisposable
{
    private readonly SegmentJournal _journal;
    private readonly JournalReader _reader;

    internal OutboxReader(SegmentJournal journal, JournalReader reader)
    {
        _journal = journal;
        _reader = reader;
    }

    /// <summary>Where it reads next.</summary>
    public long Position => _reader.Position;

    /// <summary>Where a next run would start.</summary>
    public long Committed => _reader.Committed;

    /// <summary>Records of a format that is not known, stepped over.</summary>
    public long Unreadable { get; private set; }

    /// <summary>Bytes stepped over because they were damaged.</summary>
    public long DamagedBytes => _reader.DamagedBytes;

    /// <summary>The next alert, without moving past it.</summary>
    /// <param name="upTo">Alerts that end behind this address are left for later.</param>
    /// <param name="entry">The alert, until the next call.</param>
    /// <param name="next">What to give <see cref="Advance"/> once it is written.</param>
    /// <exception cref="IOException">The device failed.</exception>
    public bool TryPeek(long upTo, out OutboxEntry entry, out long next)
    {
        while (_reader.TryPeek(upTo, out var record, out next))
        {
            if (OutboxEntry.TryUnpack(record, out entry)) return true;
            Unreadable++;
            _reader.Advance(next);
        }

        entry = default;
        return false;
    }

    /// <summary>Moves past the alert that <see cref="TryPeek"/> gave.</summary>
    public void Advance(long next) => _reader.Advance(next);

    /// <summary>Keeps <paramref name="position"/> on disk: what lies before it is not read again by a next run.</summary>
    public bool Commit(long position, bool sync) => _reader.Commit(position, sync);

    /// <summary>How many alerts lie between here and <paramref name="upTo"/>, counted by reading them.</summary>
    public long CountTo(long upTo)
    {
        using var counter = new OutboxReader(_journal, _journal.ReadFrom(Position));
        var count = 0L;
        while (counter.TryPeek(upTo, out _, out var next))
        {
            count++;
            counter.Advance(next);
        }

        return count;
    }

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();
}
