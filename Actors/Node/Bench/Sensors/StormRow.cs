namespace Picket.Node.Bench.Sensors;

/// <summary>What a storm came to under one contender, in every round.</summary>
/// <param name="Contender">Who watched.</param>
/// <param name="Kind">What was done.</param>
internal sealed record StormRow(string Contender, StormKind Kind)
{
    /// <summary>Rounds of work a second, one figure a round of the benchmark.</summary>
    public List<double> RoundsPerSecond { get; } = [];

    /// <summary>Time with the contender over time without, in the same round of the benchmark.</summary>
    public List<double> Slowdown { get; } = [];

    /// <summary>CPU seconds of the contender's own threads for a million events.</summary>
    public List<double> CpuPerMillion { get; } = [];

    /// <summary>Resident bytes after the storm, the ring apart.</summary>
    public List<double> Resident { get; } = [];

    /// <summary>Events that were made, over all rounds.</summary>
    public long Made { get; set; }

    /// <summary>What the contender counted, over all rounds; other processes' events too.</summary>
    public Tally Counted { get; set; }

    /// <summary>The figure in the middle; NaN of none.</summary>
    public static double Median(IReadOnlyList<double> figures)
    {
        if (figures.Count == 0) return double.NaN;
        var sorted = figures.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
