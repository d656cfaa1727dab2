namespace Picket.Detection.Context.Spill;

/// <summary>To the monitor: the engines of a shard lag, its bulk events wait on disk from now on.</summary>
/// <param name="Shard">The shard's number.</param>
public sealed record SpillBegan(int Shard);
