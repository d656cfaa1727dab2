using Picket.Actors;

namespace Picket.Sensors;

/// <summary>
/// /sensors: starts the sensors and starts a failed one again after a growing wait. One that keeps failing is left stopped,
/// and that is said.
/// </summary>
internal sealed class SensorsActor : UntypedActor, IWithTimers
{
    private readonly Dictionary<string, SupervisedSensor> _children = new(StringComparer.Ordinal);
    private readonly BackOffOptions _options;
    private readonly IActorRef _monitor;
    private readonly TimeProvider _time;
    private readonly HashSet<string> _unsettled = new(StringComparer.Ordinal);
    private Exception? _lastFailure;
    private DateTimeOffset? _lastFailedAt;
    private IActorRef _drainer = ActorRefs.Nobody;
    private readonly Queue<string> _undrained = new();
    private string? _draining;
    private long _barrier;

    public SensorsActor(IReadOnlyList<SensorPart> sensors, BackOffOptions options, IActorRef monitor, TimeProvider time)
    {
        _options = options;
        _monitor = monitor;
        _time = time;
        foreach (var sensor in sensors)
        {
            _children.Add(sensor.Name, new SupervisedSensor(sensor));
            _unsettled.Add(sensor.Name);
        }
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        foreach (var child in _children.Values)
        {
            var kept = Context.Child(child.Part.Name);
            if (kept.IsNobody()) Start(child);
            else
            {
                child.IsAtWork = true;
                Context.Watch(kept);
            }
        }

        if (_children.Count == 0) Context.Parent.Tell(new SensorsReady(), Self);
    }

    /// <summary>The sensors are kept: they watch on while their supervisor begins anew.</summary>
    protected override void PreRestart(Exception reason, object? message) => PostStop();

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(failure =>
    {
        _lastFailure = failure;

        // The child's end may take a while: what it stops of was now.
        _lastFailedAt = (failure as SensorStalledException)?.Since ?? _time.GetUtcNow();
        return Directive.Stop;
    });

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Terminated terminated when _children.TryGetValue(terminated.ActorRef.Path.Name, out var child):
                Failed(child);
                if (_draining == terminated.ActorRef.Path.Name) DrainNext();
                break;
            case Again again:
                Start(_children[again.Sensor]);
                break;
            case SensorReady:
                Settle(Sender.Path.Name);
                EndGap(_children[Sender.Path.Name]);
                break;
            case TellState:
                Sender.Tell(new PartStates([.. _children.Values.Select(State)]), Self);
                break;
            case DrainSensors:
                Drain();
                break;
            case SensorDrained drained:
                _barrier = Math.Max(_barrier, drained.Barrier);
                if (Sender.Path.Name == _draining) DrainNext();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Start(SupervisedSensor child)
    {
        child.StartedAt = _time.GetUtcNow();
        child.IsAtWork = true;
        Context.Watch(Context.ActorOf(child.Part.Props, child.Part.Name));
    }

    private static PartState State(SupervisedSensor child)
    {
        if (child.IsAtWork) return new PartState(child.Part.Name, PartActivity.Working, null, "", []);
        var state = child.IsGivenUp ? PartActivity.Stopped : PartActivity.Waiting;
        return new PartState(child.Part.Name, state, child.FailedAt, child.Reason, []);
    }

    private void Settle(string name)
    {
        if (_unsettled.Remove(name) && _unsettled.Count == 0) Context.Parent.Tell(new SensorsReady(), Self);
    }

    /// <summary>A sensor is back when it says that it is at work, not when it is told to begin.</summary>
    private void EndGap(SupervisedSensor child)
    {
        if (child.FailedAt is not { } from) return;
        child.FailedAt = null;
        _monitor.Tell(new SensorGap(child.Part.Name, from, _time.GetUtcNow(), child.Reason), Self);
    }

    private void Failed(SupervisedSensor child)
    {
        Settle(child.Part.Name);
        var now = _time.GetUtcNow();
        child.FailedAt ??= _lastFailedAt ?? now;
        child.IsAtWork = false;
        child.Reason = _lastFailure?.Message ?? "it was stopped";
        (_lastFailure, _lastFailedAt) = (null, null);
        if (now - child.StartedAt > _options.Window) child.Failures.Clear();
        child.Failures.Enqueue(now);
        while (now - child.Failures.Peek() > _options.Window) child.Failures.Dequeue();
        if (child.Failures.Count > _options.MaxFailures)
        {
            child.IsGivenUp = true;
            _monitor.Tell(new SensorGivenUp(child.Part.Name, now, child.Failures.Count, child.Reason), Self);
            return;
        }

        var wait = _options.Min * Math.Pow(2, child.Failures.Count - 1);
        Timers.StartSingleTimer(child.Part.Name, new Again(child.Part.Name), wait < _options.Max ? wait : _options.Max);
    }

    /// <summary>One after the other, in the order in which they were given: the last one's barrier is behind all records.</summary>
    private void Drain()
    {
        _drainer = Sender;
        _undrained.Clear();
        foreach (var name in _children.Keys) _undrained.Enqueue(name);
        DrainNext();
    }

    private void DrainNext()
    {
        while (_undrained.TryDequeue(out _draining))
        {
            var sensor = Context.Child(_draining);
            if (sensor.IsNobody()) continue;
            sensor.Tell(new DrainSensors(), Self);
            return;
        }

        _draining = null;
        _drainer.Tell(new SensorDrained(_barrier), Self);
    }

    private sealed record Again(string Sensor);

    private sealed class SupervisedSensor(SensorPart part)
    {
        public SensorPart Part { get; } = part;

        public Queue<DateTimeOffset> Failures { get; } = new();

        public DateTimeOffset StartedAt { get; set; }

        public DateTimeOffset? FailedAt { get; set; }

        public string Reason { get; set; } = "";

        public bool IsAtWork { get; set; }

        public bool IsGivenUp { get; set; }
    }
}
