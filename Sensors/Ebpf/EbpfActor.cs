using Picket.Actors;
using Picket.Detection.Events;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Sensors.Ebpf;

/// <summary>
/// /sensors/ebpf: owns the ring's reader thread and supervises the collectors. Attach first, list what runs second, read
/// the ring third: so that no process falls between.
/// </summary>
internal sealed class EbpfActor : UntypedActor
{
    private readonly EbpfSensor _sensor;
    private readonly IActorRef _context;
    private readonly IActorRef _monitor;
    private readonly TimeProvider _time;
    private readonly RecordDecoder _decoder = new();
    private ReaderThread? _reader;
    private IActorRef _drainer = ActorRefs.Nobody;

    public EbpfActor(EbpfSensor sensor, IActorRef context, IActorRef monitor, TimeProvider time)
    {
        _sensor = sensor;
        _context = context;
        _monitor = monitor;
        _time = time;
    }

    protected override void PreStart() =>
        Context.ActorOf(Props.CreateFrom(() => new CollectorActor(_sensor.Maps, Concern.Process)), "process");

    protected override void PostStop() => _reader?.Dispose();

    /// <summary>A collector that cannot even start is this sensor's failure: it waits and tries again as a whole.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(failure =>
        failure is ActorInitializationException ? Directive.Escalate : Directive.Restart);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case CollectorReady when _reader is null:
                SayHowItBegan();
                List();
                _reader = new ReaderThread(_sensor, Self, _context, _monitor, _time);
                _reader.Start();
                Context.Parent.Tell(new SensorReady(), Self);
                break;
            case CollectorReady:
                break;
            case ReaderFailed failed:
                throw new InvalidOperationException($"the ring's reader thread failed: {failed.Reason.Message}", failed.Reason);
            case ReaderSawLosses seen:
                foreach (var loss in seen.Losses) _monitor.Tell(loss, Self);

                // A lost exec or exit leaves a wrong context behind; the kernel's list puts it right.
                List();
                break;
            case DrainSensors:
                _drainer = Sender;
                if (_reader is null) _drainer.Tell(new SensorDrained(0), Self);
                else _reader.Drain();
                break;
            case ReaderDrained drained:
                _drainer.Tell(new SensorDrained(drained.Barrier), Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void SayHowItBegan()
    {
        if (!_sensor.TryBegin()) return;
        if (_sensor.Maps.Discarded is { } reason) _monitor.Tell(new RingDiscarded(reason, _sensor.Maps.DiscardedBytes), Self);
        if (!_sensor.Maps.TakenOver || _sensor.Maps.Previous != RunState.Running) return;
        var losses = _sensor.TakeLosses(_sensor.Maps.ReadCounters());
        _monitor.Tell(new UncleanStart(_sensor.EarlierStartNs, _sensor.Unread, losses), Self);
    }

    /// <summary>Hands the kernel's list of processes to the context stage, as batches like any others.</summary>
    private void List()
    {
        var started = BootClock.NowNs;
        _context.Tell(new SweepBegun(), Self);
        using var tasks = TaskIterator.Open(_sensor.Maps);
        EventBatch? batch = null;
        while (tasks.TryRead(out var record))
        {
            batch ??= Begin();
            _decoder.Decode(record, 0, false, batch);
            if (batch.Count < batch.Capacity) continue;
            Send(batch);
            batch = null;
        }

        if (batch is not null) Send(batch);
        _context.Tell(new SweepEnded(started, _sensor.ListEdge, _sensor.ListEdge.Given), Self);
    }

    /// <summary>The list is rare and short; its batches are its own, so that it never waits for the pool's credit.</summary>
    private EventBatch Begin()
    {
        var batch = new EventBatch(_sensor.Reading.BatchRecords, _sensor.Reading.BatchBytes);
        batch.Begin(_sensor.Source, null);
        return batch;
    }

    private void Send(EventBatch batch)
    {
        if (batch.Count > 0) _context.Tell(EventSlice.LendAll(batch, _sensor.ListEdge), Self);
        batch.LetGo();
    }
}
