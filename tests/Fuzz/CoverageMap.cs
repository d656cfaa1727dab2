namespace Picket.Fuzz;

/// <summary>Which edges of the target were taken how often: in the last execution, and ever.</summary>
internal sealed class CoverageMap
{
    private readonly byte[] _map;

    // One bit for each order of magnitude in which an edge was ever counted.
    private readonly byte[] _seen = new byte[Counters.Size];
    private readonly Action<long> _begin;
    private readonly Func<long> _left;

    /// <summary>Looks at the counters of a load context.</summary>
    /// <param name="counters">The context's copy of <see cref="Counters"/>.</param>
    /// <param name="blocks">How many basic blocks count there.</param>
    public CoverageMap(Type counters, int blocks)
    {
        Blocks = blocks;
        _begin = counters.GetMethod(nameof(Counters.Begin))!.CreateDelegate<Action<long>>();
        _left = counters.GetMethod(nameof(Counters.Left))!.CreateDelegate<Func<long>>();
        _map = counters.GetMethod(nameof(Counters.Counts))!.CreateDelegate<Func<byte[]>>()();
    }

    /// <summary>How many basic blocks the target has.</summary>
    public int Blocks { get; }

    /// <summary>How many edges have ever been taken; two may share one counter.</summary>
    public int Edges { get; private set; }

    /// <summary>Clears the counters of the last execution and allows the next one so many blocks.</summary>
    public void Begin(long budget) => _begin(budget);

    /// <summary>How many blocks the last execution took of what it was allowed.</summary>
    public long Taken(long budget) => budget - _left();

    /// <summary>Adds the last execution to what was seen; whether it took an edge, or an order of magnitude, that is new.</summary>
    public bool Learn()
    {
        var isNew = false;
        for (var at = 0; at < Counters.Size; at++)
        {
            // Most counters are zero: skip them quickly.
            at += _map.AsSpan(at).IndexOfAnyExcept((byte)0) is >= 0 and var step ? step : Counters.Size - at;
            if (at >= Counters.Size) break;
            var bucket = Bucket(_map[at]);
            if ((_seen[at] & bucket) != 0) continue;
            if (_seen[at] == 0) Edges++;
            _seen[at] |= bucket;
            isNew = true;
        }

        return isNew;
    }

    private static byte Bucket(byte count) => count switch
    {
        1 => 1,
        2 => 2,
        3 => 4,
        < 8 => 8,
        < 16 => 16,
        < 32 => 32,
        < 128 => 64,
        _ => 128,
    };
}
