namespace Picket.Node.Bench.Sensors;

/// <summary>What <c>picket bench sensors</c> came to.</summary>
internal sealed class SensorBenchResult
{
    /// <summary>The storms, by contender and kind.</summary>
    public List<StormRow> Rows { get; } = [];

    /// <summary>Contenders that could not take part, and why.</summary>
    public Dictionary<string, string> Absent { get; } = new(StringComparer.Ordinal);

    /// <summary>Every operation of the storm of all kinds at once, compared with Picket's export.</summary>
    public IReadOnlyList<Account> Accounts { get; set; } = [];

    /// <summary>Rounds of each kind a second in that storm.</summary>
    public IReadOnlyList<LoadResult> AtOnce { get; set; } = [];

    /// <summary>From the kernel to the engines.</summary>
    public List<LatencyRow> Latencies { get; } = [];

    /// <summary>CPU of a node at rest, in percent of one processor; NaN when it was not measured.</summary>
    public double IdlePercent { get; set; } = double.NaN;

    /// <summary>Events of the whole machine during that time: a busy machine keeps no node at rest.</summary>
    public long IdleEvents { get; set; }

    /// <summary>What runs of Picket said at their end whose ledger did not balance or that were not drained.</summary>
    public List<string> Unbalanced { get; } = [];
}
