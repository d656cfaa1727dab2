namespace Picket.Actors;

/// <summary>A selection found no actor.</summary>
public sealed class ActorNotFoundException(string? message = null, Exception? cause = null) : AkkaException(message, cause);
