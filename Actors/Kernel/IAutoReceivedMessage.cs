namespace Picket.Actors;

/// <summary>A message that the kernel handles before, or in place of, the actor.</summary>
public interface IAutoReceivedMessage;
