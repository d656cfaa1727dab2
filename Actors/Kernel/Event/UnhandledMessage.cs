namespace Picket.Actors.Event;

/// <summary>A message that no handler of its receiver took.</summary>
public sealed record UnhandledMessage(object Message, IActorRef Sender, IActorRef Recipient) : AllDeadLetters(Message, Sender, Recipient);
