namespace Picket.Actors.Dispatch;

/// <summary>A lane with a bound. A producer that finds it full waits up to the push time-out, then is refused.</summary>
internal sealed class BoundedQueue(int capacity, TimeSpan pushTimeOut) : MessageQueue
{
    private readonly SegmentQueue _lane = new();
    private readonly Lock _full = new();
    private int _count;
    private int _waiting;
    private bool _closed;
    private ManualResetEventSlim? _room;

    public override bool TryEnqueue(object message, IActorRef? sender)
    {
        if (!TryReserve() && (pushTimeOut == TimeSpan.Zero || !WaitForRoom())) return false;
        return _lane.TryEnqueue(message, sender);
    }

    public override bool TryEnqueueUnbounded(object message, IActorRef? sender)
    {
        Interlocked.Increment(ref _count);
        return _lane.TryEnqueue(message, sender);
    }

    public override bool TryDequeue(ref Cursor cursor, out object message, out IActorRef? sender)
    {
        if (!_lane.TryDequeue(ref cursor, out message, out sender)) return false;

        // The decrement is a fence between making room and looking for someone who waits for it.
        Interlocked.Decrement(ref _count);
        if (Volatile.Read(ref _waiting) > 0) Signal();
        return true;
    }

    public override bool HasMessages(in Cursor cursor) => _lane.HasMessages(cursor);

    public override int Count(in Cursor cursor) => Math.Max(0, Volatile.Read(ref _count));

    public override void Close(ref Cursor cursor, Action<object, IActorRef?> drain)
    {
        Volatile.Write(ref _closed, true);
        Signal();
        _lane.Close(ref cursor, drain);
        Volatile.Write(ref _count, 0);
    }

    private bool TryReserve()
    {
        var count = Volatile.Read(ref _count);
        while (count < capacity)
        {
            var seen = Interlocked.CompareExchange(ref _count, count + 1, count);
            if (seen == count) return true;
            count = seen;
        }

        return false;
    }

    private void Signal()
    {
        lock (_full) _room?.Set();
    }

    private bool WaitForRoom()
    {
        ManualResetEventSlim room;
        lock (_full) room = _room ??= new ManualResetEventSlim();
        Interlocked.Increment(ref _waiting);
        try
        {
            var started = TimeProvider.System.GetTimestamp();
            while (true)
            {
                lock (_full) room.Reset();
                if (Volatile.Read(ref _closed)) return false;
                if (TryReserve()) return true;
                if (pushTimeOut < TimeSpan.Zero)
                {
                    room.Wait();
                    continue;
                }

                var left = pushTimeOut - TimeProvider.System.GetElapsedTime(started);
                if (left <= TimeSpan.Zero || !room.Wait(left)) return TryReserve();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
