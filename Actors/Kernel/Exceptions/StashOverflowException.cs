namespace Picket.Actors;

/// <summary>A bounded stash is full.</summary>
public sealed class StashOverflowException(string message) : ActorException(message);
