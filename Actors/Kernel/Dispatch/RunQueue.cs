namespace Picket.Actors.Dispatch;

/// <summary>
/// What one worker is to run, first in, first out, so that each has its turn. The worker alone puts in; it and those who
/// steal take out.
/// </summary>
/// <remarks>
/// A slot is written again only once <c>_head</c> has passed it, so a reader whose exchange of <c>_head</c> succeeds has
/// read what belonged to that place. A slot keeps its last item until it is written again; the ring is small.
/// </remarks>
internal sealed class RunQueue
{
    /// <summary>Items that fit; the rest waits in the pool's common queue.</summary>
    public const int Capacity = 256;

    private readonly Slot[] _slots = new Slot[Capacity];
    private long _tail;
    private long _head;

    /// <summary>Exact for the owner while nobody steals, an estimate for others.</summary>
    public int Count => (int)(Volatile.Read(ref _tail) - Volatile.Read(ref _head));

    /// <summary>Called by the owner. False when the ring is full.</summary>
    // hot
    public bool TryPush(object item)
    {
        var tail = _tail;
        if (tail - Volatile.Read(ref _head) >= Capacity) return false;
        _slots[tail & (Capacity - 1)].Item = item;
        Volatile.Write(ref _tail, tail + 1);
        return true;
    }

    /// <summary>Called by anyone.</summary>
    // hot
    public bool TryTake(out object item)
    {
        while (true)
        {
            var head = Volatile.Read(ref _head);
            if (head >= Volatile.Read(ref _tail)) break;
            var found = Volatile.Read(ref _slots[head & (Capacity - 1)].Item);
            if (Interlocked.CompareExchange(ref _head, head + 1, head) != head) continue;
            item = found!;
            return true;
        }

        item = null!;
        return false;
    }

    /// <summary>Wrapped, as a store into an array of references asks for the array's type each time.</summary>
    private struct Slot
    {
        public object? Item;
    }
}
