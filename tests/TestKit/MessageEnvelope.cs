namespace Picket.Actors.TestKit;

/// <summary>What a test actor was told, and by whom.</summary>
/// <param name="Message">The message.</param>
/// <param name="Sender">Who told it; dead letters for nobody.</param>
public sealed record MessageEnvelope(object Message, IActorRef Sender);
