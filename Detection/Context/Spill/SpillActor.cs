using Picket.Actors;
using Barrier = Picket.Detection.Events.Barrier;

namespace Picket.Detection.Context.Spill;

/// <summary>/spill: supervises the lanes, and tells each what concerns it.</summary>
internal sealed class SpillActor : UntypedActor
{
    private readonly SpillLanes _lanes;
    private readonly IReadOnlyList<IActorRef> _shards;
    private readonly IActorRef _monitor;
    private readonly IActorRef[] _children;
    private IActorRef _asker = ActorRefs.Nobody;
    private int _undrained;

    public SpillActor(SpillLanes lanes, IReadOnlyList<IActorRef> shards, IActorRef monitor)
    {
        _lanes = lanes;
        _shards = shards;
        _monitor = monitor;
        _children = new IActorRef[lanes.All.Count];
    }

    protected override void PreStart()
    {
        foreach (var lane in _lanes.All)
        {
            var name = $"lane-{lane.Shard}";
            var kept = Context.Child(name);
            var shard = _shards[lane.Shard % _shards.Count];
            var props = Props.CreateFrom(() => new LaneActor(lane, shard, _monitor));
            _children[lane.Shard] = kept.IsNobody() ? Context.ActorOf(props, name) : kept;
        }
    }

    /// <summary>The lanes are kept: what failed here says nothing about them.</summary>
    protected override void PreRestart(Exception reason, object? message) => PostStop();

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Restart);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SpillTaken taken:
                _children[taken.Shard].Tell(SpillGrew.Instance, Self);
                break;
            case Barrier:
                foreach (var lane in _children) lane.Tell(message, Self);
                break;
            case AwaitSpill:
                _asker = Sender;
                _undrained = _children.Length;
                foreach (var lane in _children) lane.Tell(message, Self);
                break;
            case SpillDrained when --_undrained == 0:
                _asker.Tell(new SpillDrained(-1), Self);
                break;
            case SpillDrained:
                break;
            default:
                Unhandled(message);
                break;
        }
    }
}
