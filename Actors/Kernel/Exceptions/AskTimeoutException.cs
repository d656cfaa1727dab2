namespace Picket.Actors;

/// <summary>No answer came in time.</summary>
public sealed class AskTimeoutException(string message) : AkkaException(message);
