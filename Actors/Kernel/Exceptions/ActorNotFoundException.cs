namespace Picket.Actors;

/// <summary>A selection found no actor.</summary>
public sealed class ActorNotFoundException(string message, Exception? cause = null) : ActorException(message, cause);
