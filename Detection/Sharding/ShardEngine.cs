using Picket.Actors;

namespace Picket.Detection.Sharding;

/// <summary>One engine of a shard: its actor's name and how to make it.</summary>
/// <param name="Name">The actor's name, such as <c>sigma</c>.</param>
/// <param name="Props">Makes the actor.</param>
public sealed record ShardEngine(string Name, Props Props)
{
    /// <summary>Whether it decides by Sigma rules, and is told of new ones.</summary>
    public bool TakesRules { get; init; }
}
