namespace Picket.Bench.Journal;

/// <summary>What a load reached.</summary>
/// <param name="PerSecond">Events in a second.</param>
/// <param name="PerCommit">Events in a commit, on average.</param>
internal readonly record struct WriteRate(double PerSecond, double PerCommit);
