using Picket.Detection.Events;

namespace Picket.Detection.Sharding;

/// <summary>What a shard must not forget when it is restarted; owned by the composition root.</summary>
public sealed class ShardState
{
    /// <summary>Makes the state of shard <paramref name="index"/> with one child for each of <paramref name="engines"/>.</summary>
    public ShardState(int index, params string[] engines)
    {
        Index = index;
        Edges = [.. engines.Select(engine => new LedgerEdge($"shard-{index}->{engine}"))];
    }

    /// <summary>The shard's number, from 0.</summary>
    public int Index { get; }

    /// <summary>The edges to the engines' actors, in their order.</summary>
    public IReadOnlyList<LedgerEdge> Edges { get; }

    /// <summary>The indexes of the slice under way.</summary>
    internal List<int> Indexes { get; } = new(1024);
}
