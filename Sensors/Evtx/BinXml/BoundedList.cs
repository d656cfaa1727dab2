namespace Picket.Sensors.Evtx.BinXml;

/// <summary>A list that is emptied and filled again without allocating, and that never grows beyond its bound.</summary>
/// <param name="initial">Room at first.</param>
/// <param name="bound">Items at most.</param>
internal sealed class BoundedList<T>(int initial, int bound)
    where T : unmanaged
{
    private T[] _items = new T[initial];

    /// <summary>Items in it.</summary>
    public int Count { get; private set; }

    /// <summary>The items.</summary>
    public ReadOnlySpan<T> Items => _items.AsSpan(0, Count);

    /// <summary>One of the items.</summary>
    public ref T this[int index] => ref _items.AsSpan(0, Count)[index];

    /// <summary>Adds an item; false where the list is full.</summary>
    public bool TryAdd(in T item) // hot
    {
        if (Count == _items.Length && !TryGrow(1)) return false;
        _items[Count++] = item;
        return true;
    }

    /// <summary>Room behind the last item, to be filled and then taken by <see cref="Take"/>; false where it would be too much.</summary>
    public bool TryReserve(int count, out Span<T> room) // hot
    {
        room = default;
        if (count > _items.Length - Count && !TryGrow(count)) return false;
        room = _items.AsSpan(Count);
        return true;
    }

    /// <summary>Takes items that were written behind the last one.</summary>
    public void Take(int count) => Count += count; // hot

    /// <summary>Drops all items from <paramref name="count"/> on.</summary>
    public void CutTo(int count) => Count = count; // hot

    private bool TryGrow(int count)
    {
        if (count > bound - Count) return false;
        Array.Resize(ref _items, Math.Min(bound, Math.Max(Count + count, _items.Length * 2)));
        return true;
    }
}
