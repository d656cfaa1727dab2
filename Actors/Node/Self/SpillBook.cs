using Picket.Detection.Context.Spill;

namespace Picket.Node.Self;

/// <summary>
/// Says when events begin and cease to wait on disk. Engines that are only just fast enough go to and fro many times a second: what
/// follows within an interval after the last word on a shard is summed up, so that it makes an alert a shard and interval.
/// </summary>
internal sealed class SpillBook(TimeSpan interval, TimeProvider time)
{
    private readonly Dictionary<int, Entry> _entries = [];

    /// <summary>A shard's bulk began to wait; what is to be said, null for nothing.</summary>
    public SpillBegan? Began(SpillBegan began)
    {
        if (!_entries.TryGetValue(began.Shard, out var entry)) _entries.Add(began.Shard, entry = new Entry());
        entry.IsOpen = true;
        if (!IsDue(entry)) return null;
        entry.IsOpenSaid = true;
        entry.Said = time.GetUtcNow();
        return began;
    }

    /// <summary>What waited was handed on; what is to be said, null for nothing.</summary>
    public SpillEnded? Ended(SpillEnded ended)
    {
        if (!_entries.TryGetValue(ended.Shard, out var entry)) _entries.Add(ended.Shard, entry = new Entry());
        entry.Sum = entry.Sum is not { } sum ? ended : sum with
        {
            Records = sum.Records + ended.Records,
            Damaged = sum.Damaged + ended.Damaged,
            Times = sum.Times + ended.Times,
        };
        entry.IsOpen = false;

        // Whoever was told of a beginning is told of its end.
        return entry.IsOpenSaid || IsDue(entry) ? SayEnd(entry) : null;
    }

    /// <summary>What the interval was waited for.</summary>
    public IEnumerable<object> Due()
    {
        foreach (var (shard, entry) in _entries)
        {
            if (entry.IsOpenSaid || !IsDue(entry)) continue;
            if (entry.Sum is not null) yield return SayEnd(entry);
            if (!entry.IsOpen) continue;
            entry.IsOpenSaid = true;
            entry.Said = time.GetUtcNow();
            yield return new SpillBegan(shard);
        }
    }

    private SpillEnded SayEnd(Entry entry)
    {
        var sum = entry.Sum!;
        entry.Sum = null;
        entry.IsOpenSaid = false;
        entry.Said = time.GetUtcNow();
        return sum;
    }

    private bool IsDue(Entry entry) => entry.Said is not { } said || time.GetUtcNow() - said >= interval;

    private sealed class Entry
    {
        /// <summary>Whether events wait now.</summary>
        public bool IsOpen { get; set; }

        /// <summary>Whether it was said that they do, and not yet that none does any more.</summary>
        public bool IsOpenSaid { get; set; }

        /// <summary>The turns that ended and were not said.</summary>
        public SpillEnded? Sum { get; set; }

        /// <summary>When something was said last.</summary>
        public DateTimeOffset? Said { get; set; }
    }
}
