using Picket.Actors.Event;

namespace Picket.Actors.Persistence.Writing;

/// <summary>
/// One handler that waits for its event to be durable, or for those before it. It goes to the journal with its write and comes back as
/// the message that has the handler called, with the sender of the command. Whoever holds it owns it.
/// </summary>
internal abstract class Invocation(Eventsourced owner, Persistent? written, bool stashing, IActorRef? sender) : IDeadLetterSuppression
{
    /// <summary>The incarnation that persisted. A later one does not take the answer: it has replayed the event.</summary>
    public Eventsourced Owner => owner;

    /// <summary>The event; null for a deferred handler.</summary>
    public Persistent? Written => written;

    /// <summary>Whether commands wait for it.</summary>
    public bool Stashing => stashing;

    /// <summary>Sender of the command.</summary>
    public IActorRef? Sender => sender;

    public Outcome Outcome { get; set; }

    /// <summary>Why, where the outcome is not <see cref="Outcome.Done"/>.</summary>
    public Exception? Cause { get; set; }

    /// <summary>True for the first answer to a write that left the actor free to send the next one.</summary>
    public bool EndsWrite { get; set; }

    /// <summary>Calls the handler; an asynchronous one by way of the owner's RunTask.</summary>
    public abstract void Invoke();
}
