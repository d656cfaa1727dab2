namespace Picket.Node.Bench;

/// <summary>What one scenario came to.</summary>
/// <param name="Name">A stable name for machines.</param>
/// <param name="Unit">What the figures count.</param>
/// <param name="HigherIsBetter">False where the figures are times or bytes.</param>
/// <param name="Runs">One figure a run, in order of the runs; the rounds before the first are warm-up.</param>
internal sealed record BenchRow(string Name, string Unit, bool HigherIsBetter, IReadOnlyList<double> Runs)
{
    public double Median => Sorted() is var runs && runs.Length % 2 == 1
        ? runs[runs.Length / 2]
        : (runs[(runs.Length / 2) - 1] + runs[runs.Length / 2]) / 2;

    public double Least => Runs.Min();

    public double Most => Runs.Max();

    private double[] Sorted() => [.. Runs.Order()];
}
