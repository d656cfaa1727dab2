namespace Picket.Actors;

/// <summary>A message with its sender, as a mailbox or a stash holds it.</summary>
/// <param name="Message">The message.</param>
/// <param name="Sender">Its sender, or null for none.</param>
public readonly record struct Envelope(object Message, IActorRef? Sender);
