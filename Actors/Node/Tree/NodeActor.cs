using Picket.Actors;
using Picket.Detection.Context.Ancestry;
using Picket.Detection.Context.Hashing;
using Picket.Detection.Context.Spill;
using Picket.Detection.Sharding;
using Picket.Sensors;

namespace Picket.Node.Tree;

/// <summary>
/// /user/node: starts the parts in the order in which each finds the next one ready (self, alerts, detection, context,
/// ancestry, sensors) and drains them from the sensors on.
/// </summary>
internal sealed class NodeActor : UntypedActor, IWithTimers
{
    /// <summary>How long the sensors' start waits for what an earlier run wrote; the ring holds the events meanwhile.</summary>
    private static readonly TimeSpan AncestryWait = TimeSpan.FromSeconds(2);

    private readonly NodeParts _parts;
    private IActorRef _context = ActorRefs.Nobody;
    private IActorRef _self = ActorRefs.Nobody;
    private IActorRef _spill = ActorRefs.Nobody;
    private IActorRef _hashing = ActorRefs.Nobody;
    private long _drained;
    private IActorRef _alerts = ActorRefs.Nobody;
    private IActorRef _sensors = ActorRefs.Nobody;
    private IActorRef _drainer = ActorRefs.Nobody;

    public NodeActor(NodeParts parts) => _parts = parts;

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        _self = Part("self", _parts.Self);
        _alerts = Part("alerts", () => _parts.Alerts(_self));
        _self.Tell(new AlertsReady(_alerts), Self);
        if (_parts.Guard is { } guard) Part("guard", () => guard(_self));
        if (_parts.Status is { } status) Part("status", status);
        _context = Context.Child("context");
        _sensors = Context.Child("sensors");
        _spill = Context.Child("spill");
        _hashing = Context.Child("hashing");
        var detection = Part("detection", () => _parts.Detection(_alerts, _self));
        Part("rules", () => _parts.Rules(detection, _self));

        // An earlier incarnation may have ended while it waited.
        if (!_context.IsNobody() && _sensors.IsNobody()) StartSensors();
    }

    /// <summary>The parts are kept: they work on while the one above them begins anew.</summary>
    protected override void PreRestart(Exception reason, object? message) => PostStop();

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Restart);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ShardsReady ready:
                if (_parts.Spill is { } spill)
                    _parts.SpillPost!.Listener = _spill = Part("spill", () => spill(ready.Shards, _self));
                if (_parts.Hashing is { } hashing) _hashing = Part("hashing", () => hashing(ready.Shards, _self));
                _context = Part("context", () => _parts.Context(ready.Shards, _self));
                _parts.Stories.Listener = _context;
                Part("ancestry", () => _parts.Ancestry(_context, _self, Self));
                if (_sensors.IsNobody()) Timers.StartSingleTimer(nameof(WaitedLongEnough), new WaitedLongEnough(), AncestryWait);
                break;
            case AncestryReady or WaitedLongEnough when _sensors.IsNobody():
                StartSensors();
                break;
            case AncestryReady or WaitedLongEnough:
                break;
            case SensorsReady:
                _parts.Up.TrySetResult();
                break;
            case DrainNode:
                _drainer = Sender;
                if (_sensors.IsNobody()) _drainer.Tell(new Drained(0), Self);
                else _sensors.Tell(new DrainSensors(), Self);
                break;
            case SensorDrained drained:
                _self.Tell(new AwaitBarrier(drained.Barrier), Self);
                break;
            case BarrierPassed passed:
                _drained = passed.Number;
                if (_spill.IsNobody()) AwaitHashes();
                else _spill.Tell(new AwaitSpill(), Self);
                break;
            case SpillDrained:
                AwaitHashes();
                break;
            case HashesSettled:
                _drainer.Tell(new Drained(_drained), Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void AwaitHashes()
    {
        if (_hashing.IsNobody()) _drainer.Tell(new Drained(_drained), Self);
        else _hashing.Tell(new AwaitHashes(), Self);
    }

    private void StartSensors()
    {
        Timers.Cancel(nameof(WaitedLongEnough));
        Part("ancestry", () => _parts.Ancestry(_context, _self, Self));
        _sensors = Part("sensors", () => _parts.Sensors(_context, _self));
    }

    private static IActorRef Part(string name, Func<Props> props)
    {
        var kept = Context.Child(name);
        return kept.IsNobody() ? Context.ActorOf(props(), name) : kept;
    }

    private sealed record WaitedLongEnough;
}
