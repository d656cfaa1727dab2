namespace Picket.Actors;

/// <summary>PreRestart threw; logged, and the restart goes on.</summary>
public sealed class PreRestartException(IActorRef actor, Exception restartException, Exception cause, object? optionalMessage)
    : ActorInitializationException(actor, $"{actor}: PreRestart threw {restartException.GetType()} ({restartException.Message})",
        restartException)
{
    /// <summary>Why the actor was being restarted.</summary>
    public Exception Cause { get; } = cause;

    /// <summary>What it was handling when it failed.</summary>
    public object? OptionalMessage { get; } = optionalMessage;
}
