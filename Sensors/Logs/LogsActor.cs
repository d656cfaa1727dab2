using Picket.Actors;
using Picket.Sensors.Logs.Journal;
using Barrier = Picket.Detection.Events.Barrier;

namespace Picket.Sensors.Logs;

/// <summary>
/// /sensors/logs: owns the thread that reads the files and supervises the reader of the journal. It is drained when everything that it
/// handed on is done with.
/// </summary>
internal sealed class LogsActor : UntypedActor
{
    private readonly LogSensor _sensor;
    private readonly IActorRef _context;
    private readonly IActorRef _monitor;
    private LogReaderThread? _reader;
    private IActorRef _journal = ActorRefs.Nobody;
    private IActorRef _drainer = ActorRefs.Nobody;

    public LogsActor(LogSensor sensor, IActorRef context, IActorRef monitor)
    {
        _sensor = sensor;
        _context = context;
        _monitor = monitor;
    }

    protected override void PreStart()
    {
        if (_sensor.Options.Journal is { } journal && File.Exists(journal.Command))
            _journal = Context.ActorOf(Props.CreateFrom(() => new JournalActor(_sensor, journal, _context, _monitor)), "journal");
        _reader = new LogReaderThread(_sensor, Self, _context, _monitor);
        _reader.Start();
    }

    protected override void PostStop() => _reader?.Dispose();

    /// <summary>The journal's reader says itself what its program died of; whatever else it fails of, the files are read on.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Restart);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case LogsLooked:
                Context.Parent.Tell(new SensorReady(), Self);
                break;
            case LogReaderFailed failed:
                throw new InvalidOperationException($"the thread that reads the logs failed: {failed.Reason.Message}", failed.Reason);
            case DrainSensors:
                _drainer = Sender;
                _reader!.Drain();
                break;
            case LogsRead when _journal.IsNobody():
            case JournalRead:
                var self = Self;
                _sensor.Commit.WhenEmpty(() => self.Tell(new LogsSettled(), ActorRefs.NoSender));
                break;
            case LogsRead:
                _journal.Tell(new DrainSensors(), Self);
                break;
            case LogsSettled:
                _sensor.Save();
                _drainer.Tell(new SensorDrained(LastBarrier()), Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Where no other sensor follows with one, a last barrier goes behind the last record.</summary>
    private long LastBarrier()
    {
        if (!_sensor.Options.NumbersBarriers) return 0;
        var number = _sensor.NextBarrier();
        _context.Tell(new Barrier(number, _sensor.Edge, _sensor.Edge.Given), Self);
        return number;
    }
}
