namespace Picket.Detection.Sigma;

/// <summary>To /detection, and on to the correlations: all shards have swapped, so that no match by an older set can follow.</summary>
/// <param name="Generation">The number of the set in force.</param>
public sealed record RetireRules(long Generation);
