using System.Globalization;
using Picket.Actors;
using Picket.Actors.Event;
using Picket.Detection.Alerts;
using Picket.Detection.Alerts.Sinks;
using Picket.Detection.Context;
using Picket.Detection.Context.Ancestry;
using Picket.Detection.Context.Hashing;
using Picket.Detection.Context.Spill;
using Picket.Detection.Events;
using Picket.Node.Tree;
using Picket.Sensors;
using Picket.Sensors.Ebpf;
using Picket.Sensors.Logs;
using Barrier = Picket.Detection.Events.Barrier;

namespace Picket.Node.Self;

/// <summary>/self: keeps the ledger and turns what the node has to say of itself into alerts.</summary>
internal sealed class SelfActor : UntypedActor, IWithTimers
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);

    private readonly SelfState _state;

    public SelfActor(SelfState state) => _state = state;

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe<Error>(Self);
        if (_state.Files is { } files) Context.ActorOf(files(), "files");
        Timers.StartPulseTimer(nameof(Tick), new Tick(), TickInterval);
        if (_state.HeartbeatInterval > TimeSpan.Zero)
            Timers.StartPeriodicTimer(nameof(Beat), new Beat(), _state.HeartbeatInterval, _state.HeartbeatInterval);
    }

    /// <summary>Whatever ends the watch over the own files, it begins anew.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Restart);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case LedgerReport report:
                Enter(report);
                break;
            case AwaitBarrier wait when wait.Number <= _state.Ledger.Passed:
                Pass(wait.Number, Sender);
                break;
            case AwaitBarrier wait:
                _state.Waiting.Add((wait.Number, Sender));
                break;
            case AlertsReady ready:
                _state.Alerts = ready.Alerts;
                while (_state.Early.TryDequeue(out var notice)) Raise(notice);
                break;
            case TellSelf:
                Sender.Tell(SelfSnapshot.Of(_state), Self);
                break;
            case Notice notice:
                Raise(notice);
                break;
            case SensorTouched touched:
                if (_state.Touches.Take(touched) is { } act) Raise(act);
                if (_state.Standstill.Signal(touched) is { } stopped) Raise(stopped);
                break;
            case Tick:
                foreach (var touch in _state.Touches.Due()) Raise(touch);
                foreach (var halt in _state.Standstill.Tick()) Raise(halt);
                if (_state.Heap.Look()) LookAtHeapSoon();
                foreach (var due in _state.Spills.Due()) Raise(NoticeOf(due)!);
                break;
            case Collect:
                if (_state.Heap.Look()) LookAtHeapSoon();
                break;
            case SpillBegan began:
                if (_state.Spills.Began(began) is not null) Raise(NoticeOf(began)!);
                break;
            case SpillEnded ended:
                if (_state.Spills.Ended(ended) is { } sum) Raise(NoticeOf(sum)!);
                break;
            case Beat:
                var run = string.Create(CultureInfo.InvariantCulture, $"{_state.BootId}-{_state.Started.ToUnixTimeMilliseconds()}");
                Raise(Heartbeat.Say(++_state.Heartbeats, run, _state.Time.GetUtcNow() - _state.Started, _state.Counters));
                break;
            case AncestryTrouble or AncestryWritten when _state.AncestryInTrouble == message is AncestryTrouble:
                // Each attempt says so again.
                break;
            case AncestryTrouble or AncestryWritten:
                _state.AncestryInTrouble = message is AncestryTrouble;
                Raise(NoticeOf(message)!);
                break;
            case Error error:
                Raise(ActorFailed(error));
                break;
            default:
                if (NoticeOf(message) is { } said) Raise(said);
                else Unhandled(message);
                break;
        }
    }

    private void LookAtHeapSoon() => Timers.StartSingleTimer(nameof(Collect), new Collect(), HeapPacer.Soon);

    private void Enter(LedgerReport report)
    {
        if (report.Barrier > _state.Barrier)
        {
            // This actor's own edge gets its copy of the mark with the first word of it.
            _state.Barrier = report.Barrier;
            _state.Alerts.Tell(new Barrier(_state.Barrier, _state.Edge, _state.Edge.Given), Self);
        }

        var news = _state.Ledger.Enter(report);
        if (news != 0)
        {
            Raise(new Notice("ledger-imbalance", "The loss ledger does not balance", AlertLevel.High,
                $"{report.Line}: {report.In} in, {report.Out} out ({report.Detail}); "
                    + $"{Math.Abs(news)} {(news > 0 ? "missing" : "too many")}",
                [new("line", report.Line), new("in", report.In), new("out", report.Out), new("difference", news),
                    new("barrier", report.Barrier)]));
        }

        if (_state.Ledger.TakeUnhandled(report) is > 0 and var unhandled)
        {
            Raise(new Notice("unhandled", "Items went unhandled inside the node", AlertLevel.High,
                $"{report.Line}: {unhandled} items were handed over and not handled ({report.Detail})",
                [new("line", report.Line), new("items", unhandled), new("barrier", report.Barrier)]));
        }

        for (var i = _state.Waiting.Count - 1; i >= 0; i--)
        {
            if (_state.Waiting[i].Number > _state.Ledger.Passed) continue;
            Pass(_state.Waiting[i].Number, _state.Waiting[i].Asker);
            _state.Waiting.RemoveAt(i);
        }
    }

    /// <summary>Who drains the node waits for a barrier; behind it the sensors have nothing more to say.</summary>
    private void Pass(long barrier, IActorRef asker)
    {
        foreach (var said in _state.Touches.Rest()) Raise(said);
        foreach (var said in _state.Standstill.Rest()) Raise(said);
        asker.Tell(new BarrierPassed(barrier), Self);
    }

    private Notice? NoticeOf(object message) => message switch
    {
        SinkNotice sink =>
            new Notice(sink.Name, "A sink has something to say", AlertLevel.Medium, $"{sink.Sink}: {sink.Message}",
                [new("sink", sink.Sink)]),
        SensorGap gap => new Notice("sensor-gap", "A sensor was not at work", AlertLevel.Medium,
            $"the sensor {gap.Sensor} was not at work from {NoticeTime.Of(gap.From)} to {NoticeTime.Of(gap.To)}: {gap.Reason}{Early(gap)}",
            [new("sensor", gap.Sensor), new("from", NoticeTime.Of(gap.From)), new("to", NoticeTime.Of(gap.To)), new("reason", gap.Reason),
                new("from-known-by", gap.Edge.ToString().ToLowerInvariant())]),
        SensorDegraded degraded => new Notice("sensor-degraded", "A part of a sensor does not work on this host", AlertLevel.Medium,
            $"{(degraded.Program.Length == 0 ? "nothing" : $"nothing that the program {degraded.Program} looks for")} of the concern "
            + $"{Name(degraded)} is seen on this host: {degraded.Reason}",
            [new("sensor", $"ebpf/{Name(degraded)}"), new("program", degraded.Program), new("reason", degraded.Reason)]),
        SensorTampered tampered => new Notice("sensor-tampered", "The sensor was tampered with", AlertLevel.High,
            $"somebody else took apart a part of the sensor ({tampered.Part}), as its watch noticed: {tampered.Damage}"
            + (tampered.By is { } touch ? $"; the hook on system calls saw {touch}" : ""),
            [new("part", tampered.Part), new("damage", tampered.Damage), new("noticed-by", "watch"), .. By(tampered.By)]),
        TracingSwitchedOff off => new Notice("tracing-off", "The kernel's tracing was switched off", AlertLevel.Medium,
            $"somebody switched off the kernel's tracing ({off.Switch} says 0), as the sensor's watch noticed; "
            + "no program of this sensor depends on it, and all go on",
            [new("switch", off.Switch), new("noticed-by", "watch")]),
        RingStalled stalled => new Notice("ring-stalled", "The ring stands still", AlertLevel.High,
            $"nothing was taken from the ring for {stalled.For.TotalSeconds:0.0} s, and {stalled.Unread} bytes wait in it",
            [new("seconds", (long)stalled.For.TotalSeconds), new("unread-bytes", (long)stalled.Unread)]),
        SensorGivenUp up => new Notice("sensor-stopped", "A sensor is stopped", AlertLevel.Critical,
            $"the sensor {up.Sensor} failed {up.Failures} times and stays stopped since {NoticeTime.Of(up.At)}: {up.Reason}",
            [new("sensor", up.Sensor), new("since", NoticeTime.Of(up.At)), new("failures", up.Failures), new("reason", up.Reason)]),
        SensorLoss loss => new Notice("loss", "Events were lost", AlertLevel.High,
            $"{loss.Total} {Name(loss)} events were lost from {NoticeTime.Of(loss.From)} to {NoticeTime.Of(loss.To)}: "
            + $"{loss.Lost} for a full ring, "
            + $"{loss.Refused} for the reserve, {loss.Busy} for want of scratch memory",
            [new("kind", Name(loss)), new("lost", loss.Total), new("full", loss.Lost), new("reserve", loss.Refused), new("busy", loss.Busy),
                new("from", NoticeTime.Of(loss.From)), new("to", NoticeTime.Of(loss.To))]),
        UncleanStart start => new Notice("unclean-start", "The last run did not end in order", AlertLevel.Medium,
            $"the run before this one did not end in order; {start.Unread} bytes in its ring were read on, "
            + $"{start.Losses.Sum(loss => loss.Total)} events were lost meanwhile",
            [new("unread-bytes", (long)start.Unread), new("lost", start.Losses.Sum(loss => loss.Total)),
                .. start.Losses.Select(loss => new NoticeDetail("lost-" + Name(loss), loss.Total))])
        { Occurrence = string.Create(CultureInfo.InvariantCulture, $"{_state.BootId}-{start.BootNs}") },
        RingDiscarded discarded => new Notice("ring-discarded", "An earlier run's ring could not be read on", AlertLevel.High,
            $"{discarded.Bytes} unread bytes of an earlier run were given up: {discarded.Reason}",
            [new("bytes", (long)discarded.Bytes), new("reason", discarded.Reason)]),
        SpillBegan spill => new Notice("spill-began", "Events wait on disk", AlertLevel.Informational,
            $"the engines of shard {spill.Shard} cannot keep up: its bulk events wait on disk from now on, in their order",
            [new("shard", spill.Shard)]),
        SpillEnded spill => new Notice("spill-ended", "No events wait on disk any more", AlertLevel.Informational,
            $"{spill.Records} events that waited on disk for shard {spill.Shard} since {NoticeTime.Of(spill.Began)}"
            + (spill.Times > 1 ? $", {spill.Times} times for a while," : "")
            + $" have been handed on, {spill.Damaged} could not be read back",
            [new("shard", spill.Shard), new("records", spill.Records), new("times", spill.Times), new("damaged", spill.Damaged),
                new("from", NoticeTime.Of(spill.Began))]),
        SpillDamaged spill => new Notice("spill-damaged", "Events that waited on disk cannot be read back", AlertLevel.High,
            $"of what waited on disk for shard {spill.Shard} a part cannot be read: {spill.Reason}",
            [new("shard", spill.Shard), new("reason", spill.Reason)]),
        HashingStalled hashing => new Notice("hashing-stalled", "Executables are not hashed", AlertLevel.Medium,
            $"the file in hand has been read for {hashing.For.TotalSeconds:0} s: its disk or server does not answer, and other files wait",
            [new("seconds", (long)hashing.For.TotalSeconds)]),
        LogFinding log => new Notice(log.Name, log.Title, log.IsLoss ? AlertLevel.Medium : AlertLevel.Informational, log.Message,
            [new("log", log.Log)]),
        AncestryTrouble trouble => new Notice("ancestry-not-kept", "The dead ancestors of processes are not kept", AlertLevel.Medium,
            $"after a restart alerts may lack ancestors that have ended: {trouble.Reason}", [new("reason", trouble.Reason)]),
        AncestryWritten => new Notice("ancestry-kept", "The dead ancestors of processes are kept again", AlertLevel.Informational,
            "the store that had failed took what was kept of ended processes", []),
        _ => null,
    };

    private static Notice ActorFailed(Error error) => new("actor-failed", "A part of the node failed", AlertLevel.Medium,
        $"{error.LogSource}: {error.Cause?.Message ?? error.Message?.ToString()}",
        [new("actor", error.LogSource), new("type", error.Cause?.GetType().Name ?? ""),
            new("message", error.Cause?.Message ?? error.Message?.ToString() ?? "")]);

    private static string Early(SensorGap gap) => gap.Edge != GapEdge.Look ? ""
        : "; it began after the first of these times, which is that of the last look that found all in its place";

    private static IEnumerable<NoticeDetail> By(ObjectTouch? touch) => touch is null ? []
        : [new("by-pid", touch.Pid), new("by-name", touch.Comm), new("by-call", touch.Command)];

    private static string Name(SensorDegraded degraded) => degraded.Concern.ToString().ToLowerInvariant();

    private static string Name(SensorLoss loss) => loss.Kind.ToString().ToLowerInvariant();

    private void Raise(Notice notice)
    {
        _state.Notices[notice.Name] = _state.Notices.GetValueOrDefault(notice.Name) + 1;
        if (_state.Alerts.IsNobody()) _state.Early.Enqueue(notice);
        else _state.Alerts.Tell(AlertRaised.Raise(_state.Builder.Build(notice), null, _state.Edge), Self);
    }

    private sealed record Beat;

    private sealed record Tick;

    private sealed record Collect;
}
