namespace Picket.Actors.Event;

/// <summary>A message that was not handled by whom it was meant for. A lease in it has been given back when a subscriber sees it.</summary>
/// <param name="Message">The message.</param>
/// <param name="Sender">Its sender, dead letters for none.</param>
/// <param name="Recipient">Whom it was meant for.</param>
public abstract record AllDeadLetters(object Message, IActorRef Sender, IActorRef Recipient);
