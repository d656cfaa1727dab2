namespace Picket.Actors.Dispatch;

/// <summary>First in, first out, with a bound; what does not fit ends in dead letters.</summary>
public sealed class BoundedMailbox : MailboxType
{
    /// <summary>At most <paramref name="capacity"/> messages (1 or more).</summary>
    /// <param name="capacity">Messages that may wait.</param>
    /// <param name="pushTimeOut">How long a sender waits for room: zero not at all, negative without end.</param>
    public BoundedMailbox(int capacity, TimeSpan pushTimeOut = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        Capacity = capacity;
        PushTimeOut = pushTimeOut;
    }

    /// <summary>Messages that may wait.</summary>
    public int Capacity { get; }

    /// <summary>How long a sender waits for room.</summary>
    public TimeSpan PushTimeOut { get; }

    internal override MessageQueue Create() => new BoundedQueue(Capacity, PushTimeOut);
}
