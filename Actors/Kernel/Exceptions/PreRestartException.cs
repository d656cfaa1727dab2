namespace Picket.Actors;

/// <summary>PreRestart threw; logged, and the restart goes on.</summary>
public sealed class PreRestartException(IActorRef actor, Exception restartException, Exception cause, object? optionalMessage)
    : ActorInitializationException(actor, $"{actor}: PreRestart threw {restartException.GetType()} ({restartException.Message})", cause)
{
    /// <summary>What PreRestart threw.</summary>
    public Exception RestartException { get; } = restartException;

    /// <summary>What the actor was handling when it failed.</summary>
    public object? OptionalMessage { get; } = optionalMessage;
}
