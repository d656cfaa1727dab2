namespace Picket.Actors.Persistence.Writing;

/// <summary>A handler that runs and returns.</summary>
internal sealed class EventInvocation<TEvent>(
    Eventsourced owner, Persistent? written, bool stashing, IActorRef? sender, TEvent payload, Action<TEvent>? handler)
    : Invocation(owner, written, stashing, sender)
{
    public override void Invoke() => handler?.Invoke(payload);
}
