using Picket.Actors;

namespace Picket.Node.Bench;

/// <summary>Makes its children when it starts.</summary>
internal sealed class ParentActor(Props child, int children) : UntypedActor
{
    protected override void PreStart()
    {
        for (var i = 0; i < children; i++) Context.ActorOf(child);
    }

    protected override void OnReceive(object message) => Unhandled(message);
}
