namespace Picket.Actors;

/// <summary>A watched actor stopped and the watcher did not handle it.</summary>
public sealed class DeathPactException(IActorRef deadActor) : AkkaException($"monitored actor {deadActor} terminated")
{
    /// <summary>Who stopped.</summary>
    public IActorRef DeadActor { get; } = deadActor;
}
