namespace Picket.Actors;

/// <summary>Something asked of the kernel at a time when it cannot be done.</summary>
public class IllegalActorStateException(string message) : AkkaException(message);
