namespace Picket.Actors.Persistence.Writing;

/// <summary>A handler that is a task; nothing else of the actor runs until it has ended.</summary>
internal sealed class EventTaskInvocation<TEvent>(
    Eventsourced owner, Persistent? written, bool stashing, IActorRef? sender, TEvent payload, Func<TEvent, Task> handler)
    : Invocation(owner, written, stashing, sender)
{
    public override void Invoke() => Owner.RunHandler(() => handler(payload));
}
