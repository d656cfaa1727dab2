namespace Picket.Detection.Sigma.Correlation;

/// <summary>
/// value_count: a table of the window's values for each group, by their keyed hashes, with how often each is there. Places are searched
/// one after the other; what is taken out is closed up, so that no search meets the dead.
/// </summary>
internal sealed class DistinctTally(Criteria criteria, CorrelationMemory memory) : Tally
{
    private const int LeastLog = 2;

    private Table[] _tables = [];

    public override long BytesPerGroup => 12;

    public override void Grow(int groups) => Array.Resize(ref _tables, groups);

    public override void Clear(int group)
    {
        ref var table = ref _tables[group];
        if (table.Log > 0) memory.Values.Return(table.Block, table.Log);
        table = default;
    }

    public override void Add(int group, in Occurrence occurrence) // hot
    {
        ref var table = ref _tables[group];
        if (table.Log == 0 || 4 * (table.Used + 1) > 3 << table.Log) Resize(ref table, Math.Max(LeastLog, table.Log + 1));
        var places = memory.Values.Of(table.Block, table.Log);
        ref var place = ref places[Find(places, (ulong)occurrence.Value)];
        if (place.Count++ > 0) return;
        place.Hash = (ulong)occurrence.Value;
        table.Used++;
    }

    public override void Remove(int group, in Occurrence occurrence) // hot
    {
        ref var table = ref _tables[group];
        var places = memory.Values.Of(table.Block, table.Log);
        var at = Find(places, (ulong)occurrence.Value);
        if (--places[at].Count > 0) return;
        table.Used--;
        CloseUp(places, at);
        if (table.Log > LeastLog + 2 && table.Used << 3 < 1 << table.Log) Resize(ref table, table.Log - 1);
    }

    public override bool Holds(int group, int count, long after) => criteria.HoldsFor(_tables[group].Used); // hot

    public override double AmountOf(ReadOnlySpan<Occurrence> window)
    {
        var values = new HashSet<long>();
        foreach (ref readonly var occurrence in window) values.Add(occurrence.Value);
        return values.Count;
    }

    /// <summary>The place of a value, or the empty one for it.</summary>
    private static int Find(Span<CountedValue> places, ulong hash) // hot
    {
        var at = (int)hash & (places.Length - 1);
        while (places[at].Count > 0 && places[at].Hash != hash) at = (at + 1) & (places.Length - 1);
        return at;
    }

    private static void CloseUp(Span<CountedValue> places, int hole) // hot
    {
        var mask = places.Length - 1;
        for (var at = (hole + 1) & mask; places[at].Count > 0; at = (at + 1) & mask)
        {
            // What would be found without the hole stays.
            var home = (int)places[at].Hash & mask;
            if (((at - home) & mask) < ((at - hole) & mask)) continue;
            places[hole] = places[at];
            places[at].Count = 0;
            hole = at;
        }
    }

    private void Resize(ref Table table, int log)
    {
        memory.Reserve(BlockPool<CountedValue>.BytesOf(log));
        var block = memory.Values.Rent(log);
        var places = memory.Values.Of(block, log);
        places.Clear();
        if (table.Log > 0)
        {
            foreach (ref readonly var counted in memory.Values.Of(table.Block, table.Log))
            {
                if (counted.Count > 0) places[Find(places, counted.Hash)] = counted;
            }

            memory.Values.Return(table.Block, table.Log);
        }

        table.Block = block;
        table.Log = log;
    }

    private struct Table
    {
        public int Block, Log, Used;
    }
}
