namespace Picket.Actors.Persistence;

/// <summary>More messages are unconfirmed than an actor may have.</summary>
public class MaxUnconfirmedMessagesExceededException(string message, Exception? innerException = null) : Exception(message, innerException);
