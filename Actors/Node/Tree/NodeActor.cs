using Picket.Actors;
using Picket.Detection.Sharding;
using Picket.Sensors;

namespace Picket.Node.Tree;

/// <summary>
/// /user/node: starts the parts in the order in which each finds the next one ready (self, alerts, detection, context,
/// sensors) and drains them from the sensors on.
/// </summary>
internal sealed class NodeActor : UntypedActor
{
    private readonly NodeParts _parts;
    private IActorRef _self = ActorRefs.Nobody;
    private IActorRef _alerts = ActorRefs.Nobody;
    private IActorRef _sensors = ActorRefs.Nobody;
    private IActorRef _drainer = ActorRefs.Nobody;

    public NodeActor(NodeParts parts) => _parts = parts;

    protected override void PreStart()
    {
        _self = Part("self", _parts.Self);
        _alerts = Part("alerts", () => _parts.Alerts(_self));
        _self.Tell(new AlertsReady(_alerts), Self);
        var kept = Context.Child("sensors");
        if (!kept.IsNobody()) _sensors = kept;
        Part("detection", () => _parts.Detection(_alerts, _self));
    }

    /// <summary>The parts are kept: they work on while the one above them begins anew.</summary>
    protected override void PreRestart(Exception reason, object? message) => PostStop();

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Restart);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ShardsReady ready:
                var context = Part("context", () => _parts.Context(ready.Shards, _self));
                _parts.Stories.Listener = context;
                _sensors = Part("sensors", () => _parts.Sensors(context, _self));
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
                _drainer.Tell(new Drained(passed.Number), Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private static IActorRef Part(string name, Func<Props> props)
    {
        var kept = Context.Child(name);
        return kept.IsNobody() ? Context.ActorOf(props(), name) : kept;
    }
}
