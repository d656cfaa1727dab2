namespace Picket.Actors;

/// <summary>A bounded stash is full.</summary>
public sealed class StashOverflowException(string message, Exception? cause = null) : AkkaException(message, cause);
