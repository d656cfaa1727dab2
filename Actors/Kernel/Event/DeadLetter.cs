namespace Picket.Actors.Event;

/// <summary>A message to an actor that does not live, or whose mailbox is full.</summary>
public sealed record DeadLetter(object Message, IActorRef Sender, IActorRef Recipient) : AllDeadLetters(Message, Sender, Recipient);
