using Picket.Actors;
using Picket.Detection.Events;
using Picket.Detection.Sharding;

namespace Picket.Spec.Live;

/// <summary>Stands before /detection: each slice that is meant for a shard takes long, until a gate opens.</summary>
internal sealed class GatedDetectionActor(Props behind, ManualResetEventSlim gate) : UntypedActor
{
    private static readonly TimeSpan Slowness = TimeSpan.FromMilliseconds(50);

    protected override void PreStart() => Context.ActorOf(behind, "behind");

    protected override void OnReceive(object message)
    {
        if (message is not ShardsReady ready) return;
        Context.Parent.Tell(new ShardsReady([.. ready.Shards.Select((shard, number) =>
            Context.ActorOf(Props.CreateFrom(() => new Gate(shard, gate)), $"gate-{number}"))]), Self);
    }

    private sealed class Gate(IActorRef shard, ManualResetEventSlim gate) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is EventSlice) gate.Wait(Slowness);
            shard.Forward(message);
        }
    }
}
