namespace Picket.Actors.Event;

/// <summary>A message that was given up on purpose.</summary>
/// <param name="Message">The message.</param>
/// <param name="Reason">Why.</param>
/// <param name="Sender">Its sender, dead letters for none.</param>
/// <param name="Recipient">Whom it was meant for.</param>
public sealed record Dropped(object Message, string Reason, IActorRef Sender, IActorRef Recipient)
    : AllDeadLetters(Message, Sender, Recipient)
{
    /// <summary>Without a sender.</summary>
    public Dropped(object message, string reason, IActorRef recipient) : this(message, reason, ActorRefs.Nobody, recipient) { }
}
