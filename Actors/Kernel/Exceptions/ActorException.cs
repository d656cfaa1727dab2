namespace Picket.Actors;

/// <summary>The base of what the kernel throws.</summary>
public abstract class ActorException : Exception
{
    private protected ActorException(string message, Exception? cause = null) : base(message, cause)
    {
    }
}
