using Picket.Actors;

namespace Picket.Node.Bench;

/// <summary>Says that it has started, and waits.</summary>
internal sealed class IdleActor(Countdown started) : UntypedActor
{
    protected override void PreStart() => started.Signal();

    protected override void OnReceive(object message) => Unhandled(message);
}
