namespace Picket.Node.Bench.Sensors;

/// <summary>
/// From the kernel's time stamp of an exec until the engines had it: the export's own look at the clock, in the same shard behind
/// Sigma.
/// </summary>
/// <param name="Load">What went on: <c>paced</c> or <c>full</c>.</param>
/// <param name="Milliseconds">One figure an exec.</param>
internal sealed record LatencyRow(string Load, IReadOnlyList<double> Milliseconds)
{
    /// <summary>What a share of them stayed under; NaN of none.</summary>
    public double Percentile(double share)
    {
        if (Milliseconds.Count == 0) return double.NaN;
        var sorted = Milliseconds.Order().ToArray();
        return sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))];
    }
}
