using Picket.Detection.Events;

namespace Picket.Detection.Context;

/// <summary>
/// Collects, for one batch at a time, which record goes to which shard: index lists over the same arena, no second copy.
/// It outlives the actor that drives it: after a restart the redelivered slice goes on where it stopped, and the records
/// routed before the failure are still in the lists.
/// </summary>
internal sealed class SliceRouter
{
    private readonly int[][] _indexes;
    private readonly int[] _counts;
    private readonly List<int> _awaiting = [];
    private EventBatch? _batch;

    public SliceRouter(int shards)
    {
        _indexes = new int[shards][];
        _counts = new int[shards];
        for (var i = 0; i < shards; i++) _indexes[i] = new int[256];
    }

    /// <summary>Begins <paramref name="batch"/>, or goes on with it.</summary>
    /// <returns>Records of an earlier batch that was never ended; they are lost, and the caller counts them.</returns>
    public int Begin(EventBatch batch)
    {
        if (ReferenceEquals(batch, _batch)) return 0;
        _batch = batch;
        var abandoned = 0;
        for (var i = 0; i < _counts.Length; i++)
        {
            abandoned += _counts[i];
            _counts[i] = 0;
        }

        _awaiting.Clear();
        return abandoned;
    }

    /// <summary>Sends record <paramref name="index"/> to the shard of its process; one without a process to its source's.</summary>
    public void Add(ProcessKey key, int index) // hot
    {
        var spread = key.IsNone ? _batch!.Source.Spread : key.Spread;
        var shard = (int)(spread % (uint)_counts.Length);
        var count = _counts[shard];
        if (count == _indexes[shard].Length) Array.Resize(ref _indexes[shard], count * 2);
        _indexes[shard][count] = index;
        _counts[shard] = count + 1;
    }

    /// <summary>Notes that record <paramref name="index"/> waits for hashes.</summary>
    public void Await(int index) => _awaiting.Add(index);

    /// <summary>The records that wait for hashes, in their order, until the next batch begins.</summary>
    public IReadOnlyList<int> Awaiting => _awaiting;

    /// <summary>The records of <paramref name="shard"/>, which are forgotten with this call.</summary>
    public ReadOnlySpan<int> Take(int shard)
    {
        var count = _counts[shard];
        _counts[shard] = 0;
        return _indexes[shard].AsSpan(0, count);
    }

    /// <summary>Ends the batch.</summary>
    public void End() => _batch = null;
}
