namespace Picket.Actors;

/// <summary>The new instance of a restart could not be made or its PostRestart threw.</summary>
public sealed class PostRestartException(IActorRef actor, Exception cause, Exception originalCause)
    : ActorInitializationException(actor, $"{actor}: the restart threw {cause.GetType()} ({cause.Message})", cause)
{
    /// <summary>Why the actor was being restarted.</summary>
    public Exception OriginalCause { get; } = originalCause;
}
