namespace Picket.Detection.Alerts.Outbox;

/// <summary>The ids seen last, a fixed number of them: the oldest is forgotten when a new one has no room. Not thread-safe.</summary>
internal sealed class RecentIds
{
    private readonly HashSet<StableId> _known;
    private readonly StableId[] _ring;
    private int _next;
    private int _count;

    internal RecentIds(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _ring = new StableId[capacity];
        _known = new HashSet<StableId>(Math.Min(capacity, 1024));
    }

    internal bool Contains(StableId id) => _known.Contains(id);

    /// <summary>Remembers an id; false when it was known.</summary>
    internal bool Add(StableId id)
    {
        if (!_known.Add(id)) return false;
        if (_count == _ring.Length) _known.Remove(_ring[_next]);
        else _count++;
        _ring[_next] = id;
        _next = (_next + 1) % _ring.Length;
        return true;
    }
}
