using System.Reflection;

namespace Picket.Fuzz;

/// <summary>Which edges of the reader were taken how often: in the last execution, and ever.</summary>
internal sealed class CoverageMap
{
    private const int Size = 1 << 16;

    private readonly byte[] _map = new byte[Size];

    // One bit for each order of magnitude in which an edge was ever counted.
    private readonly byte[] _seen = new byte[Size];
    private readonly FieldInfo _previous;
    private readonly FieldInfo _budget;

    public CoverageMap(Type counters, int blocks)
    {
        Blocks = blocks;
        _previous = counters.GetField("Previous")!;
        _budget = counters.GetField("Budget")!;
        counters.GetField("Map")!.SetValue(null, _map);
        _budget.SetValue(null, long.MaxValue);
    }

    /// <summary>How many basic blocks the reader has.</summary>
    public int Blocks { get; }

    /// <summary>How many edges have ever been taken; two may share one counter.</summary>
    public int Edges { get; private set; }

    /// <summary>Clears the counters of the last execution and allows the next one so many blocks.</summary>
    public void Begin(long budget)
    {
        Array.Clear(_map);
        _previous.SetValue(null, 0u);
        _budget.SetValue(null, budget);
    }

    /// <summary>How many blocks the last execution took of what it was allowed.</summary>
    public long Taken(long budget) => budget - (long)_budget.GetValue(null)!;

    /// <summary>Adds the last execution to what was seen; whether it took an edge, or an order of magnitude, that is new.</summary>
    public bool Learn()
    {
        var isNew = false;
        for (var at = 0; at < Size; at++)
        {
            // Most counters are zero: skip them quickly.
            at += _map.AsSpan(at).IndexOfAnyExcept((byte)0) is >= 0 and var step ? step : Size - at;
            if (at >= Size) break;
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
