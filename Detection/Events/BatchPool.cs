namespace Picket.Detection.Events;

/// <summary>
/// The fixed set of batches of one sensor path. It is the credit of the pipeline: with all batches out, the source waits.
/// Last in, first out, so that few arenas stay warm; touched at construction, since a first touch costs three times a later one.
/// </summary>
public sealed class BatchPool
{
    private readonly Lock _gate = new();
    private readonly EventBatch[] _free;
    private int _count;

    /// <summary>Makes <paramref name="batches"/> batches of the given sizes.</summary>
    public BatchPool(int batches, int records, int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batches, 1);
        _free = new EventBatch[batches];
        for (var i = 0; i < batches; i++)
        {
            _free[i] = new EventBatch(records, bytes);
            _free[i].Begin(Untouched, null);
            _free[i].Reserve(bytes - 8, out _).Clear();
            _free[i].LetGo();
        }

        _count = batches;
    }

    private static readonly EventSource Untouched = new("none", "", null, 0);

    /// <summary>Batches in the set.</summary>
    public int Size => _free.Length;

    /// <summary>Batches that are out. A line of the ledger: 0 when nothing is under way.</summary>
    public int Outstanding
    {
        get
        {
            lock (_gate) return _free.Length - _count;
        }
    }

    /// <summary>Takes a batch; false when all are out.</summary>
    public bool TryRent([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out EventBatch? batch)
    {
        lock (_gate)
        {
            if (_count == 0)
            {
                batch = null;
                return false;
            }

            batch = _free[--_count];
            return true;
        }
    }

    /// <summary>Takes a batch back; the caller, its owner, was told that it is completed.</summary>
    public void Return(EventBatch batch)
    {
        lock (_gate)
        {
            if (_count == _free.Length) throw new InvalidOperationException("more batches came back than were rented");
            _free[_count++] = batch;
        }
    }
}
