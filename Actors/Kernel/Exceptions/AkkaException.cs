namespace Picket.Actors;

/// <summary>The base of what the kernel throws; it has Akka.NET's name, for code that catches it.</summary>
public abstract class AkkaException : Exception
{
    /// <summary>Without a message of its own.</summary>
    protected AkkaException() { }

    /// <summary>With what happened and what caused it.</summary>
    protected AkkaException(string? message, Exception? cause = null) : base(message, cause) { }

    /// <summary>What caused it, or null.</summary>
    protected Exception? Cause => InnerException;
}
