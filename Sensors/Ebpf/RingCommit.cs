using Picket.Detection.Events;

namespace Picket.Sensors.Ebpf;

/// <summary>
/// Publishes the ring's consumer position in order, and only behind batches that are completed: matched, with their alerts
/// in the outbox. What a killed node had not finished is still in the ring for its successor: the ring is the write-ahead log.
/// </summary>
internal sealed class RingCommit : IBatchOwner
{
    private readonly Lock _gate = new();
    private readonly BatchPool _pool;
    private readonly Action<ulong> _publish;
    private readonly Queue<UncommittedBatch> _pending = new();
    private readonly Dictionary<EventBatch, UncommittedBatch> _open = [];
    private readonly Stack<UncommittedBatch> _spare = new();
    private bool _closed;

    public RingCommit(BatchPool pool, ulong position, Action<ulong> publish)
    {
        _pool = pool;
        _publish = publish;
        Handed = position;
        Published = position;
    }

    /// <summary>The position behind the last batch that was handed on: where a new reader thread goes on.</summary>
    public ulong Handed { get; private set; }

    /// <summary>The position that the kernel was told.</summary>
    public ulong Published { get; private set; }

    /// <summary>Notes that <paramref name="batch"/> ends at <paramref name="position"/>. Called just before it is sent.</summary>
    public void Register(EventBatch batch, ulong position)
    {
        lock (_gate)
        {
            if (!_spare.TryPop(out var pending)) pending = new UncommittedBatch();
            pending.Position = position;
            pending.Done = false;
            _pending.Enqueue(pending);
            _open.Add(batch, pending);
            Handed = position;
        }
    }

    /// <summary>Tells the kernel the position again, which it has unless somebody else wrote over it.</summary>
    public void Republish()
    {
        lock (_gate)
        {
            if (!_closed) _publish(Published);
        }
    }

    /// <summary>Publishes nothing from now on: the ring is about to be unmapped.</summary>
    public void Close()
    {
        lock (_gate) _closed = true;
    }

    /// <inheritdoc/>
    public void OnCompleted(EventBatch batch)
    {
        lock (_gate)
        {
            // A batch that was never registered carried nothing from the ring, or its reader failed while filling it.
            if (_open.Remove(batch, out var own)) own.Done = true;
            var before = Published;
            while (_pending.TryPeek(out var oldest) && oldest.Done)
            {
                Published = oldest.Position;
                _spare.Push(_pending.Dequeue());
            }

            if (Published != before && !_closed) _publish(Published);
        }

        _pool.Return(batch);
    }

    private sealed class UncommittedBatch
    {
        public ulong Position { get; set; }

        public bool Done { get; set; }
    }
}
