namespace Picket.Actors.Dispatch;

/// <summary>A lane with a bound. A producer that finds it full waits up to the push time-out, then is refused.</summary>
internal sealed class BoundedQueue(int capacity, TimeSpan pushTimeOut) : MessageQueue
{
    /// <summary>Of one wait, which then looks again: what a Monitor takes has a bound.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly SegmentQueue _lane = new();
    private readonly object _full = new();
    private int _count;
    private int _waiting;
    private bool _closed;

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
        lock (_full) Monitor.PulseAll(_full);
    }

    /// <summary>Who makes room signals under the lock, and only where it sees somebody wait: so the count of those goes up first.</summary>
    private bool WaitForRoom()
    {
        var started = TimeProvider.System.GetTimestamp();
        lock (_full)
        {
            Interlocked.Increment(ref _waiting);
            try
            {
                while (!Volatile.Read(ref _closed))
                {
                    if (TryReserve()) return true;
                    var left = pushTimeOut < TimeSpan.Zero ? Longest : pushTimeOut - TimeProvider.System.GetElapsedTime(started);
                    if (left <= TimeSpan.Zero) return false;
                    Monitor.Wait(_full, left < Longest ? left : Longest);
                }

                return false;
            }
            finally
            {
                Interlocked.Decrement(ref _waiting);
            }
        }
    }
}
