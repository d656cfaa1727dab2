using System.Runtime.CompilerServices;

namespace Picket.Actors.Dispatch;

/// <summary>
/// The unbounded lane: a chain of segments. A producer takes a slot by one interlocked addition and publishes by one store; only
/// at the end of a segment does it compete for the next. Nothing is allocated before the first message, and segments
/// grow only while the consumer lags.
/// </summary>
/// <remarks>
/// No wake-up is lost: the addition is a full fence before the producer reads the mailbox's status, and the consumer sets its status by
/// an exchange before it reads <see cref="Segment.Reserved"/>. One of the two sees the other.
/// </remarks>
internal sealed class SegmentQueue : MessageQueue
{
    private const int First = 4;
    private const int Steady = 16;
    private const int Largest = 1024;

    // None has slots, so that the path of a full segment finds them and the fast path asks nothing: before the first segment, behind
    // the last, and behind one that was read.
    private static readonly Segment Unborn = new(0);
    private static readonly Segment Closed = new(0);
    private static readonly Segment Left = new(0);

    private Segment _tail = Unborn;
    private Segment? _first;

    // hot
    public override bool TryEnqueue(object message, IActorRef? sender)
    {
        var tail = Volatile.Read(ref _tail);
        while (true)
        {
            var slots = tail.Slots;
            var at = Interlocked.Increment(ref tail.Reserved) - 1;
            if ((uint)at < (uint)slots.Length)
            {
                ref var slot = ref slots[at];
                slot.Sender = sender;
                Volatile.Write(ref slot.Message, message);
                return true;
            }

            var next = Advance(tail);
            if (next is null) return false;
            tail = next;
        }
    }

    // hot
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public override bool TryDequeue(ref Cursor cursor, out object message, out IActorRef? sender)
    {
        var slots = cursor.Slots;
        if (slots is not null && (uint)cursor.Index < (uint)slots.Length)
        {
            ref var slot = ref slots[cursor.Index];
            var found = Volatile.Read(ref slot.Message);
            if (found is not null)
            {
                message = found;
                sender = slot.Sender;
                slot = default;
                cursor.Index++;
                return true;
            }
        }

        return TryDequeueBeyond(ref cursor, out message, out sender);
    }

    // hot
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public override bool HasMessages(in Cursor cursor) =>
        cursor.Segment is { } segment && cursor.Index < segment.Slots.Length
            ? Volatile.Read(ref segment.Reserved) > cursor.Index
            : HasMessagesBeyond(cursor);

    private bool HasMessagesBeyond(in Cursor cursor)
    {
        var at = cursor.Segment ?? Volatile.Read(ref _first);
        var index = cursor.Segment is null ? 0 : cursor.Index;
        for (; at is not null; at = Volatile.Read(ref at.Next), index = 0)
        {
            if (index < at.Slots.Length) return Volatile.Read(ref at.Reserved) > index;
        }

        return false;
    }

    public override int Count(in Cursor cursor)
    {
        var at = cursor.Segment ?? Volatile.Read(ref _first);
        var index = cursor.Segment is null ? 0 : cursor.Index;
        var count = 0;
        for (; at is not null; at = Volatile.Read(ref at.Next), index = 0)
        {
            count += Math.Max(0, Math.Min(Volatile.Read(ref at.Reserved), at.Slots.Length) - index);
        }

        return count;
    }

    public override void Close(ref Cursor cursor, Action<object, IActorRef?> drain)
    {
        var at = cursor.Segment ?? Interlocked.CompareExchange(ref _first, Closed, null);
        var index = cursor.Segment is null ? 0 : cursor.Index;
        while (at is not null && at != Closed)
        {
            // From here on every producer finds this segment full and goes on to the next, which in the end is Closed.
            var taken = Math.Min(Interlocked.Exchange(ref at.Reserved, int.MaxValue / 2), at.Slots.Length);
            for (; index < taken; index++)
            {
                ref var slot = ref at.Slots[index];
                object? message;
                var wait = default(SpinWait);
                while ((message = Volatile.Read(ref slot.Message)) is null) wait.SpinOnce();
                var sender = slot.Sender;
                slot = default;
                drain(message, sender);
            }

            index = 0;
            at = Interlocked.CompareExchange(ref at.Next, Closed, null);
        }

        Volatile.Write(ref _tail, Closed);
        cursor = new Cursor { Segment = Closed, Slots = Closed.Slots };
    }

    /// <summary>Nothing lies at the cursor: goes on to the next segment, where there is one.</summary>
    private bool TryDequeueBeyond(ref Cursor cursor, out object message, out IActorRef? sender)
    {
        if (cursor.Slots is null || cursor.Index >= cursor.Slots.Length)
        {
            var next = cursor.Segment is null ? Volatile.Read(ref _first) : Volatile.Read(ref cursor.Segment.Next);
            if (next is not null)
            {
                if (cursor.Segment is { } read) Cut(read, next);
                cursor = new Cursor { Segment = next, Slots = next.Slots };
                if (next.Slots.Length > 0 && Volatile.Read(ref next.Slots[0].Message) is not null)
                    return TryDequeue(ref cursor, out message, out sender);
            }
        }

        if (cursor.Segment is { } segment) CaughtUp(segment, ref cursor);
        message = null!;
        sender = null;
        return false;
    }

    /// <summary>A small segment begins anew while no producer has taken a slot that was not read: each that comes takes its slot by
    /// an addition and cannot tell. So an actor that keeps up allocates no segments.</summary>
    private static void CaughtUp(Segment segment, ref Cursor cursor)
    {
        if (!segment.Emptied) segment.Emptied = true;
        var read = cursor.Index;
        if (read * 2 > segment.Slots.Length && segment.Slots.Length <= Steady
            && Interlocked.CompareExchange(ref segment.Reserved, 0, read) == read)
        {
            cursor.Index = 0;
        }
    }

    /// <summary>Lets a segment that was read go for good. Left in the chain it would, once old in the collector's eyes, keep all
    /// that follow it alive until a full collection. A producer that still holds it begins again at the tail.</summary>
    private void Cut(Segment read, Segment next)
    {
        if (Volatile.Read(ref _tail) == read) Interlocked.CompareExchange(ref _tail, next, read);
        Volatile.Write(ref read.Next, Left);
    }

    private Segment? Advance(Segment full)
    {
        if (full == Closed) return null;
        Segment next;
        if (full == Unborn)
        {
            var first = new Segment(First);
            next = Interlocked.CompareExchange(ref _first, first, null) ?? first;
        }
        else
        {
            next = Volatile.Read(ref full.Next)!;
            if (next is null)
            {
                var length = full.Emptied ? Steady : Math.Min(Math.Max(full.Slots.Length * 2, Steady), Largest);
                var made = new Segment(length);
                next = Interlocked.CompareExchange(ref full.Next, made, null) ?? made;
            }

            if (next == Left) return Volatile.Read(ref _tail);
        }

        Interlocked.CompareExchange(ref _tail, next, full);
        return next;
    }
}
