namespace Picket.Actors;

/// <summary>An actor could not be made: its constructor, its factory or PreStart threw.</summary>
public class ActorInitializationException : AkkaException
{
    /// <summary>Without a message of its own.</summary>
    public ActorInitializationException() { }

    /// <summary>A failure outside of any actor.</summary>
    public ActorInitializationException(string message, Exception? cause = null) : base(message, cause) { }

    /// <summary>A failure of <paramref name="actor"/>.</summary>
    public ActorInitializationException(IActorRef? actor, string message, Exception? cause = null) : base(message, cause) => Actor = actor;

    /// <summary>Who could not be made.</summary>
    public IActorRef? Actor { get; }
}
