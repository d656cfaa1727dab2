namespace Picket.Actors;

/// <summary>A name that is taken or not allowed.</summary>
public sealed class InvalidActorNameException(string message, Exception? cause = null) : AkkaException(message, cause);
