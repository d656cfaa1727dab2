using Picket.Actors;

namespace Picket.Sensors.Logs.Journal;

/// <summary>
/// /sensors/logs/journal: runs journalctl and reads what it prints. When it ends, it is started again behind the last entry after a
/// growing wait; the first time this is said.
/// </summary>
internal sealed class JournalActor : UntypedActor, IWithTimers
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1), LongestWait = TimeSpan.FromMinutes(1);

    private readonly LogSensor _sensor;
    private readonly JournalReading _reading;
    private readonly IActorRef _context;
    private readonly IActorRef _monitor;
    private JournalThread? _reader;
    private TimeSpan _wait = FirstWait;
    private bool _drained;

    public JournalActor(LogSensor sensor, JournalReading reading, IActorRef context, IActorRef monitor)
    {
        _sensor = sensor;
        _reading = reading;
        _context = context;
        _monitor = monitor;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Begin();

    protected override void PostStop() => _reader?.Dispose();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Again:
                Begin();
                break;
            case JournalEnded when _drained:
                break;
            case JournalEnded ended:
                Ended(ended);
                break;
            case DrainSensors:
                _drained = true;
                Timers.Cancel(nameof(Again));
                _reader?.Dispose();
                _reader = null;
                Sender.Tell(new JournalRead(), Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Begin()
    {
        _reader = new JournalThread(_sensor, _reading, Self, _context);
        _reader.Start();
    }

    private void Ended(JournalEnded ended)
    {
        _reader?.Dispose();
        _reader = null;

        // One that gave entries was at work; what it died of is news.
        if (ended.Entries > 0) _wait = FirstWait;
        if (_wait == FirstWait) _monitor.Tell(LogFinding.JournalStopped(_reading.Command, ended.Reason), Self);
        Timers.StartSingleTimer(nameof(Again), new Again(), _wait);
        _wait = _wait * 2 < LongestWait ? _wait * 2 : LongestWait;
    }

    private sealed record Again;
}
