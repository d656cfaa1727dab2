namespace Picket.Actors;

/// <summary>The answer to <see cref="Identify"/>.</summary>
/// <param name="MessageId">From the question.</param>
/// <param name="Subject">The actor, or null when there is none.</param>
public sealed record ActorIdentity(object? MessageId, IActorRef? Subject);
