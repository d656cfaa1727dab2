namespace Picket.Actors.Dispatch;

/// <summary>A lane that hands out the smallest number first, and equals in the order of their coming.</summary>
internal sealed class PrioritisedQueue(Func<object, int> priority) : MessageQueue
{
    private readonly SegmentQueue _lane = new();
    private readonly PriorityQueue<Envelope, (int Priority, long Arrival)> _sorted = new();
    private long _arrivals;

    public override bool TryEnqueue(object message, IActorRef? sender) => _lane.TryEnqueue(message, sender);

    public override bool TryDequeue(ref Cursor cursor, out object message, out IActorRef? sender)
    {
        while (_lane.TryDequeue(ref cursor, out message, out sender))
            _sorted.Enqueue(new Envelope(message, sender), (priority(message), _arrivals++));

        if (!_sorted.TryDequeue(out var next, out _)) return false;
        (message, sender) = next;
        return true;
    }

    public override bool HasMessages(in Cursor cursor) => _sorted.Count > 0 || _lane.HasMessages(cursor);

    public override int Count(in Cursor cursor) => _sorted.Count + _lane.Count(cursor);

    public override void Close(ref Cursor cursor, Action<object, IActorRef?> drain)
    {
        while (_sorted.TryDequeue(out var next, out _)) drain(next.Message, next.Sender);
        _lane.Close(ref cursor, drain);
    }
}
