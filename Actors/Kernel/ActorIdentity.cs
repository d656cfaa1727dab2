namespace Picket.Actors;

#nullable disable annotations // As in Akka.NET: what may be null here says so in words, so that code written for it compiles.

/// <summary>The answer to <see cref="Identify"/>.</summary>
/// <param name="MessageId">From the question; may be null.</param>
/// <param name="Subject">The actor, or null when there is none.</param>
public sealed record ActorIdentity(object MessageId, IActorRef Subject);
