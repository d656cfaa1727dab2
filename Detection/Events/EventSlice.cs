using System.Buffers;
using Picket.Actors;

namespace Picket.Detection.Events;

/// <summary>
/// Some records of a batch, lent to one receiver: the message of the hot path. It keeps its place, so that after a failure
/// the receiver's next incarnation goes on with the record after the failed one, and it settles its edge of the ledger.
/// </summary>
public sealed class EventSlice : ILease
{
    private readonly EventBatch _batch;
    private readonly LedgerEdge _edge;
    private readonly int[] _indexes;
    private int _position;
    private int _failed;
    private bool _inHand;

    private EventSlice(EventBatch batch, LedgerEdge edge, int[] indexes, int count)
    {
        _batch = batch;
        _edge = edge;
        _indexes = indexes;
        Count = count;
    }

    /// <summary>Records in the slice.</summary>
    public int Count { get; }

    /// <summary>
    /// Lends the records at <paramref name="indexes"/> over <paramref name="edge"/>; the batch is held until the lease is
    /// released, and the edge's giver is counted here.
    /// </summary>
    public static EventSlice Lend(EventBatch batch, ReadOnlySpan<int> indexes, LedgerEdge edge)
    {
        var copy = ArrayPool<int>.Shared.Rent(indexes.Length);
        indexes.CopyTo(copy);
        return Lend(batch, copy, indexes.Length, edge);
    }

    /// <summary>Lends every record of a batch.</summary>
    public static EventSlice LendAll(EventBatch batch, LedgerEdge edge)
    {
        var indexes = ArrayPool<int>.Shared.Rent(Math.Max(1, batch.Count));
        for (var i = 0; i < batch.Count; i++) indexes[i] = i;
        return Lend(batch, indexes, batch.Count, edge);
    }

    /// <summary>Moves to the next record; false after the last. Handlers loop on this and on nothing else.</summary>
    public bool MoveNext(out EventView view, out int index) // hot
    {
        _inHand = _position < Count;
        if (!_inHand)
        {
            view = default;
            index = -1;
            return false;
        }

        index = _indexes[_position++];
        view = new EventView(_batch, index);
        return true;
    }

    /// <summary>The batch behind the slice.</summary>
    public EventBatch Batch => _batch;

    /// <inheritdoc/>
    public void Release()
    {
        // A record still in hand was begun but not ended: its handler threw and the supervisor chose to stop.
        var handled = _position - (_inHand ? 1 : 0);
        _edge.Take(handled - _failed);
        if (_failed > 0) _edge.Fail(_failed);
        if (handled < Count) _edge.Drop(Count - handled);
        ArrayPool<int>.Shared.Return(_indexes);
        _batch.LetGo();
    }

    /// <inheritdoc/>
    public bool SkipFailed()
    {
        if (_inHand) _failed++;
        _inHand = false;
        return _position < Count;
    }

    private static EventSlice Lend(EventBatch batch, int[] indexes, int count, LedgerEdge edge)
    {
        batch.Hold();
        edge.Give(count);
        return new EventSlice(batch, edge, indexes, count);
    }
}
