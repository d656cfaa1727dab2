using System.Runtime.CompilerServices;
using Picket.Actors.Cells;
using Picket.Actors.Dispatch.SysMsg;

namespace Picket.Actors.Dispatch;

/// <summary>
/// The two lanes of an actor and the promise that at most one thread at a time serves them. System messages go before user
/// messages, also between two of one turn.
/// </summary>
internal sealed class Mailbox(MessageQueue queue, MessageDispatcher dispatcher)
{
    private const int Idle = 0;
    private const int Scheduled = 1;

    /// <summary>Idle and not taking user messages: only a system message wakes it.</summary>
    private const int Parked = 2;

    private int _status;
    private SystemMessage? _system;

    /// <summary>Set once, before anybody knows the mailbox.</summary>
    public required ActorCell Cell { get; init; }

    public MessageQueue Queue => queue;

    public MessageDispatcher Dispatcher => dispatcher;

    public bool HasSystem => _system is not null;

    // hot
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Post(object message, IActorRef? sender)
    {
        if (!(queue is SegmentQueue plain ? plain.TryEnqueue(message, sender) : queue.TryEnqueue(message, sender))) return false;
        if (Volatile.Read(ref _status) == Idle) Schedule(Idle);
        return true;
    }

    /// <summary>Puts a message in that the kernel owes the actor; no bound may refuse it.</summary>
    public bool PostUnbounded(object message, IActorRef? sender)
    {
        if (!queue.TryEnqueueUnbounded(message, sender)) return false;
        if (Volatile.Read(ref _status) == Idle) Schedule(Idle);
        return true;
    }

    /// <summary>False when the actor has ended.</summary>
    public bool PostSystem(SystemMessage message)
    {
        var head = Volatile.Read(ref _system);
        while (true)
        {
            if (ReferenceEquals(head, SystemMessage.Sealed)) return false;
            message.Next = head;
            var seen = Interlocked.CompareExchange(ref _system, message, head);
            if (seen == head) break;
            head = seen;
        }

        var status = Volatile.Read(ref _status);
        if (status != Scheduled) Schedule(status);
        return true;
    }

    /// <summary>All system messages in the order of their coming; null when there are none.</summary>
    public SystemMessage? TakeSystem() => InOrder(Interlocked.Exchange(ref _system, null));

    /// <summary>Ends the system lane and gives back what is left in it.</summary>
    public SystemMessage? Seal() => InOrder(Interlocked.Exchange(ref _system, SystemMessage.Sealed));

    /// <summary>One turn. True when another is due, which is for the thread that ran this one to see to.</summary>
    // hot
    public bool Execute(TurnThread thread)
    {
        var end = Cell.RunTurn(thread, dispatcher.Throughput);
        if (end > TurnEnd.Parked) return end == TurnEnd.More;

        // From the exchange on another thread may run the next turn: only what any thread may read is read after it.
        Interlocked.Exchange(ref _status, end == TurnEnd.Idle ? Idle : Parked);
        if (Volatile.Read(ref _system) is not null || (end == TurnEnd.Idle && Cell.HasUserMessages)) Awake();
        return false;
    }

    private void Awake()
    {
        var status = Volatile.Read(ref _status);
        if (status != Scheduled) Schedule(status);
    }

    /// <summary>Where the exchange fails, a turn began after the message was in, and its end will see the message.</summary>
    private void Schedule(int from)
    {
        if (Interlocked.CompareExchange(ref _status, Scheduled, from) == from) dispatcher.Schedule(this);
    }

    private static SystemMessage? InOrder(SystemMessage? newest)
    {
        SystemMessage? oldest = null;
        while (newest is not null)
        {
            var older = newest.Next;
            newest.Next = oldest;
            oldest = newest;
            newest = older;
        }

        return oldest;
    }
}
