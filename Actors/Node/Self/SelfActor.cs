using System.Globalization;
using Picket.Actors;
using Picket.Actors.Event;
using Picket.Detection.Alerts;
using Picket.Detection.Alerts.Ecs;
using Picket.Detection.Alerts.Sinks;
using Picket.Detection.Events;
using Picket.Node.Tree;
using Picket.Sensors;
using Picket.Sensors.Ebpf;
using Barrier = Picket.Detection.Events.Barrier;

namespace Picket.Node.Self;

/// <summary>/self: keeps the ledger and turns what the node has to say of itself into alerts.</summary>
internal sealed class SelfActor : UntypedActor
{
    private readonly Ledger _ledger;
    private readonly AlertBuilder _builder;
    private readonly LedgerEdge _edge;
    private readonly string _bootId;
    private readonly List<(long Number, IActorRef Asker)> _waiting = [];
    private readonly Queue<Notice> _early = new();
    private IActorRef _alerts = ActorRefs.Nobody;
    private long _barrier;

    public SelfActor(Ledger ledger, AlertBuilder builder, LedgerEdge edge, string bootId)
    {
        _ledger = ledger;
        _builder = builder;
        _edge = edge;
        _bootId = bootId;
    }

    protected override void PreStart() => Context.System.EventStream.Subscribe<Error>(Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case LedgerReport report:
                Enter(report);
                break;
            case AwaitBarrier wait when wait.Number <= _ledger.Passed:
                Sender.Tell(new BarrierPassed(wait.Number), Self);
                break;
            case AwaitBarrier wait:
                _waiting.Add((wait.Number, Sender));
                break;
            case AlertsReady ready:
                _alerts = ready.Alerts;
                while (_early.TryDequeue(out var notice)) Raise(notice);
                break;
            case Notice notice:
                Raise(notice);
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

    private void Enter(LedgerReport report)
    {
        if (report.Barrier > _barrier)
        {
            // This actor's own edge gets its copy of the mark with the first word of it.
            _barrier = report.Barrier;
            _alerts.Tell(new Barrier(_barrier, _edge, _edge.Given), Self);
        }

        var news = _ledger.Enter(report);
        if (news != 0)
        {
            Raise(new Notice("ledger-imbalance", "The loss ledger does not balance", AlertLevel.High,
                $"{report.Line}: {report.In} in, {report.Out} out ({report.Detail}); {Math.Abs(news)} {(news > 0 ? "missing" : "too many")}",
                [new("line", report.Line), new("in", report.In), new("out", report.Out), new("difference", news), new("barrier", report.Barrier)]));
        }

        for (var i = _waiting.Count - 1; i >= 0; i--)
        {
            if (_waiting[i].Number > _ledger.Passed) continue;
            _waiting[i].Asker.Tell(new BarrierPassed(_waiting[i].Number), Self);
            _waiting.RemoveAt(i);
        }
    }

    private Notice? NoticeOf(object message) => message switch
    {
        SinkNotice sink => new Notice(sink.Name, "A sink has something to say", AlertLevel.Medium, $"{sink.Sink}: {sink.Message}", [new("sink", sink.Sink)]),
        SensorGap gap => new Notice("sensor-gap", "A sensor was not at work", AlertLevel.Medium,
            $"the sensor {gap.Sensor} was not at work from {Time(gap.From)} to {Time(gap.To)}: {gap.Reason}",
            [new("sensor", gap.Sensor), new("from", Time(gap.From)), new("to", Time(gap.To)), new("reason", gap.Reason)]),
        SensorGivenUp up => new Notice("sensor-stopped", "A sensor is stopped", AlertLevel.Critical,
            $"the sensor {up.Sensor} failed {up.Failures} times and stays stopped since {Time(up.At)}: {up.Reason}",
            [new("sensor", up.Sensor), new("since", Time(up.At)), new("failures", up.Failures), new("reason", up.Reason)]),
        SensorLoss loss => new Notice("loss", "Events were lost", AlertLevel.High,
            $"{loss.Total} {Name(loss)} events were lost from {Time(loss.From)} to {Time(loss.To)}: {loss.Lost} for a full ring, "
            + $"{loss.Refused} for the reserve, {loss.Busy} for want of scratch memory",
            [new("kind", Name(loss)), new("lost", loss.Total), new("full", loss.Lost), new("reserve", loss.Refused), new("busy", loss.Busy),
                new("from", Time(loss.From)), new("to", Time(loss.To))]),
        UncleanStart start => new Notice("unclean-start", "The last run did not end in order", AlertLevel.Medium,
            $"the run before this one did not end in order; {start.Unread} bytes in its ring were read on, "
            + $"{start.Losses.Sum(loss => loss.Total)} events were lost meanwhile",
            [new("unread-bytes", (long)start.Unread), new("lost", start.Losses.Sum(loss => loss.Total)),
                .. start.Losses.Select(loss => new NoticeDetail("lost-" + Name(loss), loss.Total))])
        { Occurrence = string.Create(CultureInfo.InvariantCulture, $"{_bootId}-{start.BootNs}") },
        RingDiscarded discarded => new Notice("ring-discarded", "An earlier run's ring could not be read on", AlertLevel.High,
            $"{discarded.Bytes} unread bytes of an earlier run were given up: {discarded.Reason}",
            [new("bytes", (long)discarded.Bytes), new("reason", discarded.Reason)]),
        _ => null,
    };

    private static Notice ActorFailed(Error error) => new("actor-failed", "A part of the node failed", AlertLevel.Medium,
        $"{error.LogSource}: {error.Cause?.Message ?? error.Message?.ToString()}",
        [new("actor", error.LogSource), new("type", error.Cause?.GetType().Name ?? ""), new("message", error.Cause?.Message ?? error.Message?.ToString() ?? "")]);

    private static string Name(SensorLoss loss) => loss.Kind.ToString().ToLowerInvariant();

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private void Raise(Notice notice)
    {
        if (_alerts.IsNobody()) _early.Enqueue(notice);
        else _alerts.Tell(AlertRaised.Raise(_builder.Build(notice), null, _edge), Self);
    }
}
