namespace Picket.Actors;

/// <summary>The actor was told <see cref="Kill"/>.</summary>
public sealed class ActorKilledException(string message = "Kill") : AkkaException(message);
