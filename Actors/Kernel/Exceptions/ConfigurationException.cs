namespace Picket.Actors;

/// <summary>A mailbox or dispatcher that the system does not have.</summary>
public sealed class ConfigurationException(string message) : ActorException(message);
