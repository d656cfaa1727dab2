namespace Picket.Actors.Dispatch;

/// <summary>Without a bound; the smallest number first, equals in the order of their coming.</summary>
public abstract class UnboundedPriorityMailbox : MailboxType
{
    /// <summary>The number of a message; called once for each in the receiver's turn.</summary>
    protected abstract int PriorityGenerator(object message);

    internal override MessageQueue Create() => new PrioritisedQueue(PriorityGenerator);
}
