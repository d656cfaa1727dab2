namespace Picket.Actors.TestKit;

/// <summary>What a test expected did not come, or something else did. The message says what was waited for, how long, and what came.</summary>
public sealed class ExpectationFailedException(string message, Exception? cause = null) : Exception(message, cause);
