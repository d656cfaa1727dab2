namespace Picket.Detection.Context.Spill;

/// <summary>To the monitor: what waited on disk could not be read back.</summary>
/// <param name="Shard">The lane's number.</param>
/// <param name="Reason">What was found.</param>
public sealed record SpillDamaged(int Shard, string Reason);
