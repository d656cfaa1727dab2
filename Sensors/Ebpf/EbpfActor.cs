using System.Globalization;
using Picket.Actors;
using Picket.Detection.Events;
using Picket.Sensors.Ebpf.Decoding;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Sensors.Ebpf;

/// <summary>
/// /sensors/ebpf: owns the ring's reader thread and supervises the collectors. Attach first, list what runs second, read
/// the ring third: so that no process falls between.
/// </summary>
internal sealed class EbpfActor : UntypedActor, IWithTimers
{
    private static readonly uint OwnNamespace = NamespaceNumber(new FileInfo("/proc/self/ns/pid").LinkTarget);
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(1), StallLimit = TimeSpan.FromSeconds(3);

    /// <summary>How long the looks have time to find what a change did.</summary>
    private static readonly TimeSpan OthersSay = TimeSpan.FromSeconds(2.5);


    private readonly EbpfSensor _sensor;
    private readonly IActorRef _context;
    private readonly IActorRef _monitor;
    private readonly TimeProvider _time;
    private readonly RecordDecoder _decoder = new();
    private readonly HashSet<Concern> _unsettled = [];
    private readonly RingWatch _watch;
    private readonly TracingWatch _tracing = new(TracingWatch.Switches);
    private ulong _stateGoodNs = BootClock.NowNs;
    private ulong _readerTurnNs;
    private ReaderThread? _reader;
    private IActorRef _drainer = ActorRefs.Nobody;

    public EbpfActor(EbpfSensor sensor, IActorRef context, IActorRef monitor, TimeProvider time)
    {
        _sensor = sensor;
        _context = context;
        _monitor = monitor;
        _time = time;
        _watch = new RingWatch(StallLimit, time);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        foreach (var state in _sensor.Collectors)
        {
            _unsettled.Add(state.Concern);
            var props = Props.CreateFrom(() => new CollectorActor(_sensor.Maps, state, _monitor, _time));
            Context.ActorOf(props, ProgramSet.NameOf(state.Concern));
        }

        Timers.StartPulseTimer(nameof(Look), new Look(), WatchInterval);
    }

    protected override void PostStop() => _reader?.Dispose();

    /// <summary>A collector that cannot even start is this sensor's failure: it waits and tries again as a whole.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(failure =>
        failure is ActorInitializationException ? Directive.Escalate : Directive.Restart);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case CollectorReady ready:
                Settle(ready.Concern);
                break;
            case CollectorFailed failed:
                Settle(failed.Concern);
                break;
            case Look:
                LookAtReader();
                _sensor.Maps.Calls.SetClock();
                if (_sensor.LookAt(_watch) is { } stalled) _monitor.Tell(stalled, Self);
                if (_sensor.MendRing() is { } trouble) _monitor.Tell(new SensorTampered("ring", trouble), Self);
                if (_sensor.Maps.Mend() is { } damage) _monitor.Tell(new SensorTampered("maps", damage), Self);
                LookAtState();
                LookAtTouches();
                foreach (var off in _tracing.Look()) _monitor.Tell(off, Self);
                break;
            case ReaderFailed failed:
                throw new InvalidOperationException($"the ring's reader thread failed: {failed.Reason.Message}", failed.Reason);
            case ReaderSawLosses seen:
                foreach (var loss in seen.Losses) _monitor.Tell(loss, Self);

                // A lost exec or exit leaves a wrong context behind; the kernel's list puts it right.
                if (seen.Fresh) List();
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

    /// <summary>
    /// A reader that hangs is replaced. It is looked at twice: after a stop of the whole node this may be faster than the reader's
    /// own next turn.
    /// </summary>
    private void LookAtReader()
    {
        if (_reader is not { } reader) return;
        var (turn, before) = (reader.TurnNs, _readerTurnNs);
        _readerTurnNs = turn;
        if (turn != before || BootClock.NowNs - turn < (ulong)StallLimit.Ticks * 100) return;
        var still = TimeSpan.FromTicks((long)(BootClock.NowNs - turn) / 100);
        throw new SensorStalledException($"the ring's reader thread stood still for {still.TotalSeconds:0.0} s", _time.GetUtcNow() - still);
    }

    /// <summary>Who writes into the state map can make the programs take him for the sensor, or report nothing.</summary>
    private void LookAtState()
    {
        var began = BootClock.NowNs;
        if (_sensor.Maps.State.Mend() is { } damage)
        {
            var touch = _sensor.Maps.Touches.FirstSince(_stateGoodNs, Concern.Process);
            var now = _time.GetUtcNow();
            var from = now - TimeSpan.FromTicks((long)(BootClock.NowNs - (touch?.TimeNs ?? _stateGoodNs)) / 100);
            _monitor.Tell(new SensorTampered("state", damage, touch), Self);
            _monitor.Tell(new SensorGap("ebpf", from, now, damage, touch is null ? GapEdge.Look : GapEdge.Kernel), Self);
        }

        _stateGoodNs = began;
    }

    /// <summary>
    /// A change of a map by others that no look found a damage of is said by itself: it may be of a kind that shows nowhere, or have been
    /// written over by this run's start.
    /// </summary>
    private void LookAtTouches()
    {
        foreach (var touch in _sensor.Maps.Touches.TakeUnsaid(BootClock.NowNs - ((ulong)OthersSay.Ticks * 100)))
        {
            var words = $"the map {touch.Map} was changed, and nothing that is watched shows how";
            _monitor.Tell(new SensorTampered("maps", words, touch), Self);
        }
    }

    /// <summary>The ring is read when every concern is attached, or is known not to be for now.</summary>
    private void Settle(Concern concern)
    {
        if (!_unsettled.Remove(concern) || _unsettled.Count > 0 || _reader is not null) return;
        SayHowItBegan();
        List();
        _reader = new ReaderThread(_sensor, Self, _context, _monitor, _time);
        _reader.Start();
        Context.Parent.Tell(new SensorReady(), Self);
    }

    private void SayHowItBegan()
    {
        if (!_sensor.TryBegin()) return;
        if (_sensor.Maps.Discarded is { } reason) _monitor.Tell(new RingDiscarded(reason, _sensor.Maps.DiscardedBytes), Self);
        if (!_sensor.Maps.TakenOver || _sensor.Maps.Previous != RunState.Running) return;
        var losses = _sensor.TakeLosses(_sensor.Maps.ReadCounters(), all: true, out _);
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
            KnowSelf(batch);
            if (batch.Capacity - batch.Count >= RecordDecoder.MostPerRecord) continue;
            Send(batch);
            batch = null;
        }

        if (batch is not null) Send(batch);
        _context.Tell(new SweepEnded(started, _sensor.ListEdge, _sensor.ListEdge.Given), Self);
    }

    /// <summary>
    /// The programs are told who the sensor is, as the kernel names it: its number in its own namespace tells it in the list.
    /// </summary>
    private void KnowSelf(EventBatch batch)
    {
        if (batch.Count == 0 || !batch.View(batch.Count - 1).TryGetDetail(out var detail)) return;
        if (detail.NamespacePid != Environment.ProcessId || detail.PidNamespace != OwnNamespace) return;
        var key = batch.Records[^1].Key;
        _sensor.Maps.State.SetSelf(key.Pid, key.StartNs);
    }

    private static uint NamespaceNumber(string? link) =>
        uint.TryParse(link?.Split('[', ']').ElementAtOrDefault(1), CultureInfo.InvariantCulture, out var number) ? number : 0;

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

    private sealed record Look;
}
