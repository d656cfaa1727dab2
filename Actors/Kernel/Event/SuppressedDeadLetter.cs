namespace Picket.Actors.Event;

/// <summary>A dead letter that nobody needs to hear of.</summary>
public sealed record SuppressedDeadLetter(IDeadLetterSuppression Suppressed, IActorRef Sender, IActorRef Recipient)
    : AllDeadLetters(Suppressed, Sender, Recipient);
