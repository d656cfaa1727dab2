namespace Picket.Actors;

/// <summary>A setting that cannot be used, or a mailbox or dispatcher that the system does not have.</summary>
public sealed class ConfigurationException(string message, Exception? cause = null) : AkkaException(message, cause);
