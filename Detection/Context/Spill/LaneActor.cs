using Picket.Actors;
using Barrier = Picket.Detection.Events.Barrier;

namespace Picket.Detection.Context.Spill;

/// <summary>/spill/lane-N: hands a shard what waits on disk for it, a few batches at a time.</summary>
internal sealed class LaneActor : UntypedActor, IWithTimers
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly SpillLane _lane;
    private readonly IActorRef _shard;
    private readonly IActorRef _monitor;
    private readonly List<IActorRef> _waiting = [];

    public LaneActor(SpillLane lane, IActorRef shard, IActorRef monitor)
    {
        _lane = lane;
        _shard = shard;
        _monitor = monitor;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        // The same reference stands for every incarnation of this actor.
        var self = Self;
        _lane.Completed = () => self.Tell(SpillGrew.Instance, ActorRefs.NoSender);
        self.Tell(SpillGrew.Instance, ActorRefs.NoSender);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SpillGrew:
                Work();
                break;
            case Barrier barrier:
                var (report, given) = _lane.At(barrier.Number);
                _monitor.Tell(report, Self);
                _shard.Tell(new Barrier(barrier.Number, _lane.Edge, given) { EndsHere = true }, Self);
                break;
            case AwaitSpill:
                _waiting.Add(Sender);
                Work();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Work()
    {
        try
        {
            while (HandOn()) { }
        }
        catch (IOException e)
        {
            // The device failed: what is on it is read when it answers again.
            _monitor.Tell(new SpillDamaged(_lane.Shard, e.Message), Self);
            Timers.StartSingleTimer(nameof(SpillGrew), SpillGrew.Instance, RetryDelay);
        }

        if (_waiting.Count == 0 || !_lane.IsWorkedOff) return;
        foreach (var asker in _waiting) asker.Tell(new SpillDrained(_lane.Shard), Self);
        _waiting.Clear();
    }

    private bool HandOn()
    {
        var slice = _lane.TryNext(out var damage);
        if (damage is not null) _monitor.Tell(new SpillDamaged(_lane.Shard, damage), Self);
        if (slice is null) return false;
        _shard.Tell(slice, Self);
        _lane.Told();
        return true;
    }
}
