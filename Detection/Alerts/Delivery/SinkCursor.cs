using Picket.Detection.Alerts.Outbox;
using Picket.Detection.Alerts.Sinks;
using Picket.Detection.Events;
using Barrier = Picket.Detection.Events.Barrier;

namespace Picket.Detection.Alerts.Delivery;

/// <summary>
/// How far one sink has come, and what it took. Outlives the actor and the sink object: a new incarnation goes on with the
/// alert that the last one did not finish.
/// </summary>
public sealed class SinkCursor : IDisposable
{
    private const int CommitBytes = 1 << 20;

    private readonly OutboxReader _reader;
    private long _told;
    private int _committing;

    /// <summary>Makes the cursor of the sink called <paramref name="name"/>; what earlier runs left unread counts as given.</summary>
    public SinkCursor(AlertOutbox outbox, string name)
    {
        Name = name;
        Edge = new LedgerEdge($"outbox->{name}");
        _reader = outbox.OpenReader(name);
        _told = outbox.End;
        Edge.Give(_reader.CountTo(_told));
    }

    /// <summary>The sink's name.</summary>
    public string Name { get; }

    /// <summary>The ledger's edge from the outbox to the sink.</summary>
    public LedgerEdge Edge { get; }

    /// <summary>Failures since the last alert that was written; the back-off grows with it.</summary>
    public int Failures { get; private set; }

    /// <summary>Whether enough was written since the position was kept that it should be kept again now.</summary>
    public bool WantsCommit => _reader.Position - _reader.Committed > CommitBytes;

    /// <summary>Whether the position on disk is behind.</summary>
    public bool HasUncommitted => _reader.Position != _reader.Committed;

    /// <summary>Alerts behind <paramref name="end"/> are not touched before they are told of: a barrier counts on it.</summary>
    public void Tell(long end) => _told = Math.Max(_told, end);

    /// <summary>Counts a failure of the sink.</summary>
    public void Fail() => Failures++;

    /// <summary>Gives alerts to <paramref name="sink"/> until all are written, it holds back, or <paramref name="most"/> were.</summary>
    public SinkProgress Pump(IAlertSink sink, int most)
    {
        while (_reader.TryPeek(_told, out var entry, out var next))
        {
            if (most-- == 0) return SinkProgress.More;
            if (sink.Write(entry) == SinkResult.HeldBack) return SinkProgress.HeldBack;
            _reader.Advance(next);
            Edge.Take(1);
            Failures = 0;
        }

        return SinkProgress.CaughtUp;
    }

    /// <summary>
    /// Makes what was written durable and keeps the position. Runs beside <see cref="Pump"/>; one at a time, a second one does
    /// nothing.
    /// </summary>
    /// <param name="sink">The sink that wrote it.</param>
    /// <param name="position">The <see cref="Position"/> at which the caller stood.</param>
    public bool Commit(IAlertSink sink, long position)
    {
        if (Interlocked.Exchange(ref _committing, 1) != 0) return false;
        try
        {
            return (sink is not ISyncedSink synced || synced.Sync()) && _reader.Commit(position, sync: false);
        }
        finally
        {
            Volatile.Write(ref _committing, 0);
        }
    }

    /// <summary>Where the sink stands in the outbox.</summary>
    public long Position => _reader.Position;

    /// <summary>What the edge saw at a barrier; alerts that the sink has yet to take are counted by reading them.</summary>
    public LedgerReport ReportAt(Barrier barrier, long end)
    {
        var report = LedgerReport.At(barrier);
        var queued = _reader.CountTo(end);
        return report with
        {
            Out = report.Out + queued,
            Detail = $"{report.Detail}, queued {queued.ToString(System.Globalization.CultureInfo.InvariantCulture)}",
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();
}
