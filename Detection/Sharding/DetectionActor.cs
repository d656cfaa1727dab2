using Picket.Actors;

namespace Picket.Detection.Sharding;

/// <summary>/detection: supervises the shards and does nothing else.</summary>
internal sealed class DetectionActor : UntypedActor
{
    private readonly IReadOnlyList<Props> _shards;

    public DetectionActor(IReadOnlyList<Props> shards) => _shards = shards;

    protected override void PreStart()
    {
        var shards = new IActorRef[_shards.Count];
        for (var i = 0; i < shards.Length; i++)
        {
            var kept = Context.Child($"shard-{i}");
            shards[i] = kept.IsNobody() ? Context.ActorOf(_shards[i], $"shard-{i}") : kept;
        }

        Context.Parent.Tell(new ShardsReady(shards), Self);
    }

    /// <summary>The shards are kept: a supervisor has no state that could be wrong for them.</summary>
    protected override void PreRestart(Exception reason, object? message) => PostStop();

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Restart);

    protected override void OnReceive(object message) => Unhandled(message);
}
