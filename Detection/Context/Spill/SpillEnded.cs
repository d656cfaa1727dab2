namespace Picket.Detection.Context.Spill;

/// <summary>To the monitor: what waited on disk for a shard has been handed to its engines.</summary>
/// <param name="Shard">The shard's number.</param>
/// <param name="Records">How many records waited.</param>
/// <param name="Began">When the first began to wait; when the run began for those of an earlier run.</param>
/// <param name="Damaged">Records that could not be read back.</param>
/// <param name="Times">How often records began to wait and were handed on in this time, from 1.</param>
public sealed record SpillEnded(int Shard, long Records, DateTimeOffset Began, long Damaged, int Times = 1);
