using System.Globalization;
using Picket.Actors;

namespace Picket.Sensors.Logs.Journal;

/// <summary>
/// /sensors/logs/journal: runs journalctl and reads what it prints. When it ends, it is started again behind the last entry after a
/// growing wait; the first time this is said. One that somebody stopped, or that hangs, is ended. One that runs and prints nothing hangs
/// if the journal has an entry that it does not print: <see cref="JournalSilence"/>.
/// </summary>
internal sealed class JournalActor : UntypedActor, IWithTimers
{
    private const string Name = "logs/journal";

    /// <summary>One that has run for this long has begun in earnest.</summary>
    private static readonly TimeSpan Earnest = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1), StopLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1), LongestWait = TimeSpan.FromMinutes(1);

    private readonly LogSensor _sensor;
    private readonly JournalReading _reading;
    private readonly IActorRef _context;
    private readonly IActorRef _monitor;
    private readonly JournalSilence _silence;
    private JournalThread? _reader;
    private TimeSpan _wait = FirstWait;
    private bool _drained;
    private int _process;
    private DateTimeOffset? _told;
    private bool _stays;
    private DateTimeOffset? _blindSince;
    private DateTimeOffset _seenRunning;
    private GapEdge _edge;
    private string _reason = "";

    public JournalActor(LogSensor sensor, JournalReading reading, IActorRef context, IActorRef monitor)
    {
        _sensor = sensor;
        _reading = reading;
        _context = context;
        _monitor = monitor;
        _silence = new JournalSilence(sensor, reading, Self, monitor);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        Begin();
        Timers.StartPulseTimer(nameof(Look), new Look(), LookInterval);
    }

    protected override void PostStop()
    {
        _silence.Stop();
        _reader?.Dispose();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Again:
                Begin();
                break;
            case JournalBegan began:
                (_process, _seenRunning) = (began.Process, began.At);
                if (_blindSince is not null) Timers.StartSingleTimer(nameof(Settled), new Settled(began.At), Earnest);
                break;
            case Settled settled when _blindSince is { } from:
                _monitor.Tell(new SensorGap(Name, from, settled.At, _reason, _edge), Self);
                _blindSince = null;
                break;
            case Settled:
                break;
            case Look:
                LookAtProcess();
                break;
            case JournalAnswer answer:
                _silence.Take(answer, _reader);
                break;
            case JournalEnded when _drained:
                break;
            case JournalEnded ended:
                Ended(ended);
                break;
            case DrainSensors:
                _drained = true;
                Timers.Cancel(nameof(Again));
                _silence.Stop();
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
        _process = 0;
        _silence.Reset();
        Timers.Cancel(nameof(Settled));
        var reason = _blindSince is null ? ended.Reason : _reason;
        if (_blindSince is null) (_blindSince, _edge, _reason) = (ended.At, GapEdge.Failure, reason);

        // One that gave entries was at work; what it died of is news.
        if (ended.Entries > 0) _wait = FirstWait;
        if (_wait == FirstWait && _told is null) _monitor.Tell(LogFinding.JournalStopped(_reading.Command, reason), Self);
        (_told, _stays) = (null, false);
        Timers.StartSingleTimer(nameof(Again), new Again(), _wait);
        _wait = _wait * 2 < LongestWait ? _wait * 2 : LongestWait;
    }

    /// <summary>
    /// One that is stopped, held by a tracer, or hangs gives nothing and does not end. A look each second does not see when that began.
    /// </summary>
    private void LookAtProcess()
    {
        var now = _sensor.Time.GetUtcNow();
        if (_told is { } told && now - told >= StopLimit && !_stays)
        {
            _stays = true;
            _monitor.Tell(LogFinding.JournalUnanswered(_reading.Command, "it was ended and does not end"), Self);
        }

        if (_process == 0 || _reader is not { } reader) return;
        if (IsStopped(_process))
        {
            if (now - _seenRunning >= StopLimit) End(reader, _seenRunning, $"somebody had stopped {_reading.Command}");
            return;
        }

        _seenRunning = now;
        if (_silence.Look(reader, now))
            End(reader, _silence.CompleteAt(reader), $"{_reading.Command} hung: the journal has an entry that it did not print");
    }

    private void End(JournalThread reader, DateTimeOffset since, string reason)
    {
        if (_blindSince is null) (_blindSince, _edge) = (since, GapEdge.Look);
        _reason = $"{reason}; it was ended and is started again behind the last entry";
        _process = 0;
        _told = _sensor.Time.GetUtcNow();
        _monitor.Tell(LogFinding.JournalStopped(_reading.Command, reason), Self);
        reader.End();
    }

    private static bool IsStopped(int process)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
            return stat.AsSpan(stat.LastIndexOf(')') + 2) is ['T' or 't', ..];
        }
        catch (IOException)
        {
            return false;
        }
    }

    private sealed record Again;

    private sealed record Look;

    private sealed record Settled(DateTimeOffset At);
}
