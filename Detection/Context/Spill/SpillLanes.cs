using Picket.Detection.Events;

namespace Picket.Detection.Context.Spill;

/// <summary>The lanes of all shards, and when they are used; owned by the composition root.</summary>
public sealed class SpillLanes : IDisposable
{
    private readonly BatchPool _credit;
    private readonly int _minBacklog;

    /// <summary>Makes the set.</summary>
    /// <param name="lanes">One for each shard, by number.</param>
    /// <param name="credit">The pool whose batches are the pipeline's credit.</param>
    /// <param name="minBacklog">A shard with fewer records waiting is not said to lag.</param>
    public SpillLanes(IReadOnlyList<SpillLane> lanes, BatchPool credit, int minBacklog)
    {
        All = lanes;
        _credit = credit;
        _minBacklog = minBacklog;
    }

    /// <summary>The lanes, by shard.</summary>
    public IReadOnlyList<SpillLane> All { get; }

    /// <summary>How who works the lanes off is reached.</summary>
    public SpillPost Post { get; } = new();

    /// <summary>The backlog from which on a shard lags; <see cref="long.MaxValue"/> while there is credit enough.</summary>
    /// <param name="edges">The edges to the shards.</param>
    internal long LagFrom(IReadOnlyList<LedgerEdge> edges)
    {
        var outstanding = _credit.Outstanding;
        if (outstanding * 2 < _credit.Size) return long.MaxValue;
        var most = 0L;
        for (var i = 0; i < edges.Count; i++) most = Math.Max(most, BacklogOf(edges[i]));

        // Many small batches use up the credit as well.
        return Math.Max(outstanding * 4 < _credit.Size * 3 ? _minBacklog : 1, most / 2);
    }

    /// <summary>Records that were given to a shard and not handled yet.</summary>
    internal static long BacklogOf(LedgerEdge edge) => edge.Given - edge.Taken - edge.Failed - edge.Dropped;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var lane in All) lane.Dispose();
    }
}
