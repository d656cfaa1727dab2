using Picket.Hocon;

namespace Picket.Actors.Dispatch;

/// <summary>Without a bound; the smallest number first, equals in the order of their coming. Made in code and registered with
/// <see cref="Mailboxes.Register"/>, or given to <see cref="Props.WithMailbox(MailboxType)"/>.</summary>
public abstract class UnboundedPriorityMailbox : MailboxType
{
    /// <summary>A mailbox that needs no settings.</summary>
    protected UnboundedPriorityMailbox() { }

    /// <summary>The form that Akka.NET's mailboxes have.</summary>
    /// <param name="settings">Of the system.</param>
    /// <param name="config">Of this mailbox, for the deriving class.</param>
    protected UnboundedPriorityMailbox(Settings settings, Config config) => (Settings, Config) = (settings, config);

    /// <summary>What the constructor was given.</summary>
    protected Settings? Settings { get; }

    /// <summary>What the constructor was given.</summary>
    protected Config? Config { get; }

    /// <summary>The number of a message; called once for each in the receiver's turn.</summary>
    protected abstract int PriorityGenerator(object message);

    internal override MessageQueue Create() => new PrioritisedQueue(PriorityGenerator);
}
