using Picket.Actors;
using Picket.Sensors.Logs.Access;
using Picket.Sensors.Logs.Journal;
using Barrier = Picket.Detection.Events.Barrier;

namespace Picket.Sensors.Logs;

/// <summary>
/// /sensors/logs: owns the thread that reads the files and supervises the reader of the journal. A thread that hangs in a file system is
/// left behind, and another one reads all but what it hangs at. It is drained when everything that it handed on is done with.
/// </summary>
internal sealed class LogsActor : UntypedActor, IWithTimers
{
    private const string Name = "logs/files";

    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(1), StallLimit = TimeSpan.FromSeconds(3);

    private readonly LogSensor _sensor;
    private readonly IActorRef _context;
    private readonly IActorRef _monitor;
    private readonly LogThreadWatch _watch = new(StallLimit);
    private LogReaderThread? _reader;
    private IActorRef _journal = ActorRefs.Nobody;
    private IActorRef _drainer = ActorRefs.Nobody;
    private DateTimeOffset? _blindSince;
    private string _blindBy = "";
    private bool _stuck;
    private bool _draining;

    public LogsActor(LogSensor sensor, IActorRef context, IActorRef monitor)
    {
        _sensor = sensor;
        _context = context;
        _monitor = monitor;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        BeginJournal();
        Begin();
        Timers.StartPulseTimer(nameof(LookAtReader), new LookAtReader(), WatchInterval);
    }

    protected override void PostStop() => _reader?.Dispose();

    /// <summary>The journal's reader says itself what its program died of; whatever else it fails of, the files are read on.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Restart);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case LogsLooked looked:
                BeginJournal();
                EndGap(looked.At);
                Context.Parent.Tell(new SensorReady(), Self);
                break;
            case LookAtReader:
                Look();
                break;
            case Moved moved when moved.Reader == _reader:
                _stuck = false;
                EndGap(moved.At);
                break;
            case Moved:
                break;
            case LogReaderFailed failed:
                throw new InvalidOperationException($"the thread that reads the logs failed: {failed.Reason.Message}", failed.Reason);
            case TellState:
                Sender.Tell(new PartStates(State()), Self);
                break;
            case DrainSensors:
                _drainer = Sender;
                _draining = true;
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

    private void Begin()
    {
        _watch.Reset();
        _reader = new LogReaderThread(_sensor, Self, _context, _monitor);
        _reader.Start();
        if (_draining) _reader.Drain();
    }

    /// <summary>As soon as it is known that it is wanted. Where its program is not there, there is no journal.</summary>
    private void BeginJournal()
    {
        if (_draining || !_journal.IsNobody() || !_sensor.ReadsJournal) return;
        if (_sensor.Options.Journal is { } journal && File.Exists(journal.Command))
            _journal = Context.ActorOf(Props.CreateFrom(() => new JournalActor(_sensor, journal, _context, _monitor)), "journal");
    }

    private void Look()
    {
        if (_sensor.LeftOut.Tend()) _reader!.LookAgain();
        var turn = _reader!.Turn;
        if (!_watch.Look(turn)) return;
        var since = _sensor.Time.GetUtcNow() - LogThreadWatch.StoodFor(turn);
        if (turn.Work == LogWork.Keep) Stay(turn, since, "another thread could not keep positions either");
        else if (_sensor.LeftOut.Hanging >= LeftOutPaths.MostThreads)
            Stay(turn, since, $"{LeftOutPaths.MostThreads} threads hang already, and no more are left behind");
        else Replace(turn, since);
    }

    /// <summary>Another thread reads on from the positions. It leaves alone what this one hangs at.</summary>
    private void Replace(in LogTurn turn, DateTimeOffset since)
    {
        if (!_reader!.TryLeave(turn)) return;
        _stuck = false;
        Blind(since, $"{turn.Words} did not come back: another thread reads the other logs on from their positions");
        if (turn.IsAtPath)
        {
            var place = _sensor.LeftOut.Left(_reader, turn, since);
            _monitor.Tell(LogFinding.LeftOut(place.Path, place.Words, TimeOf(since)), Self);
        }
        else
        {
            _sensor.LeftOut.Left(_reader);
        }

        Begin();
    }

    /// <summary>
    /// There is nobody who could read in its place: it is waited for. The node and the journal do not wait for its first look, which may
    /// never end.
    /// </summary>
    private void Stay(in LogTurn turn, DateTimeOffset since, string reason)
    {
        if (_stuck) return;
        _stuck = true;
        Blind(since, $"{turn.Words} did not come back, and {reason}");
        _monitor.Tell(LogFinding.NoneRead(turn.Path, turn.Words, TimeOf(since), reason), Self);
        var (self, time, reader) = (Self, _sensor.Time, _reader!);
        reader.WhenMoved(() => self.Tell(new Moved(reader, time.GetUtcNow()), ActorRefs.NoSender));
        _sensor.NotLooked();
        BeginJournal();
        Context.Parent.Tell(new SensorReady(), Self);
    }

    private void Blind(DateTimeOffset since, string reason)
    {
        _blindSince ??= since;
        _blindBy = _blindBy.Length == 0 ? reason : $"{_blindBy}; {reason}";
    }

    private void EndGap(DateTimeOffset to)
    {
        if (_blindSince is not { } from) return;
        _monitor.Tell(new SensorGap(Name, from, to, _blindBy), Self);
        (_blindSince, _blindBy) = (null, "");
    }

    private List<PartState> State()
    {
        var states = _sensor.LeftOut.Places.Select(place =>
            new PartState($"logs{place.Path}", PartActivity.Waiting, place.Since, $"{place.Words} has not come back", [])).ToList();
        if (_blindSince is { } since) states.Add(new PartState(Name, PartActivity.Waiting, since, _blindBy, []));
        return states;
    }

    private static string TimeOf(DateTimeOffset time) => time.UtcDateTime.ToString("O", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Where no other sensor follows with one, a last barrier goes behind the last record.</summary>
    private long LastBarrier()
    {
        if (!_sensor.Options.NumbersBarriers) return 0;
        var number = _sensor.NextBarrier();
        _context.Tell(new Barrier(number, _sensor.Edge, _sensor.Edge.Given), Self);
        return number;
    }

    private sealed record LookAtReader;

    private sealed record Moved(LogReaderThread Reader, DateTimeOffset At);
}
