namespace Picket.Detection.Context.Spill;

/// <summary>Nothing waits in a lane any more, or in none of them.</summary>
/// <param name="Shard">The lane's number; -1 for all.</param>
public sealed record SpillDrained(int Shard);
