using Picket.Actors;

namespace Picket.Node.Bench;

/// <summary>Answers each failure of its child with one directive; told anything, it tells the child's ref.</summary>
internal sealed class FailingParentActor(Props child, Directive directive) : UntypedActor
{
    private IActorRef _child = ActorRefs.Nobody;

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => directive);

    protected override void PreStart() => _child = Context.ActorOf(child);

    protected override void OnReceive(object message) => Sender.Tell(_child, Self);
}
