using Picket.Sensors.Ebpf.Records;

namespace Picket.Sensors.Ebpf;

/// <summary>
/// Says what the programs could not hand over: for each kind at once when it begins, and then at most once an interval, so that a
/// long storm makes an alert per kind and minute. What was not said yet is not acknowledged: a killed node's successor says it.
/// </summary>
internal sealed class LossBook(TimeSpan interval)
{
    private readonly Dictionary<RecordKind, Entry> _entries = [];

    /// <summary>A look at the counters of one kind.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="now">What was counted up to now.</param>
    /// <param name="acknowledged">What of it was said.</param>
    /// <param name="looked">When the counters were looked at before.</param>
    /// <param name="time">The time of this look.</param>
    /// <param name="all">Whether everything is to be said, since nothing may follow.</param>
    /// <param name="fresh">Losses since the last look.</param>
    /// <returns>What is to be said and acknowledged; null for nothing.</returns>
    public SensorLoss? Look(RecordKind kind, in CounterRow now, in CounterRow acknowledged, DateTimeOffset looked, DateTimeOffset time,
        bool all, out long fresh)
    {
        fresh = 0;
        var (lost, refused, busy) = ((long)(now.Lost - acknowledged.Lost), (long)(now.Refused - acknowledged.Refused),
            (long)(now.Busy - acknowledged.Busy));
        var pending = lost + refused + busy;
        if (pending == 0) return null;
        if (!_entries.TryGetValue(kind, out var entry)) _entries.Add(kind, entry = new Entry());
        fresh = pending - entry.Pending;
        if (entry.Pending == 0) entry.From = looked;
        entry.Pending = pending;
        if (!all && entry.Said is { } said && time - said < interval) return null;
        var loss = new SensorLoss(kind, lost, refused, busy, entry.From, time);
        entry.Said = time;
        entry.Pending = 0;
        return loss;
    }

    private sealed class Entry
    {
        public long Pending { get; set; }

        public DateTimeOffset From { get; set; }

        public DateTimeOffset? Said { get; set; }
    }
}
