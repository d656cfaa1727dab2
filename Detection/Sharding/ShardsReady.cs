using Picket.Actors;

namespace Picket.Detection.Sharding;

/// <summary>From /detection to its parent: the shards are there.</summary>
/// <param name="Shards">Their references, by index; they stay the same over restarts.</param>
public sealed record ShardsReady(IReadOnlyList<IActorRef> Shards);
