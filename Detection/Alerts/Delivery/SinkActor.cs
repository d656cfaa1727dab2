using Picket.Actors;
using Picket.Detection.Alerts.Sinks;

namespace Picket.Detection.Alerts.Delivery;

/// <summary>
/// <c>/alerts/file</c> and its siblings: reads the outbox at its own pace and writes to its sink. An alert is passed only when the sink has
/// written it; the position on disk follows when it is durable, off this actor's path.
/// </summary>
public sealed class SinkActor : ReceiveActor, IWithTimers
{
    private const int Turn = 256;

    private static readonly TimeSpan CommitInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan HeldDelay = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan FirstBackOff = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(10);

    private readonly SinkSetup _setup;
    private readonly SinkCursor _cursor;
    private readonly IActorRef _ledger;
    private IAlertSink? _sink;
    private bool _waits;
    private bool _goesOn;

    private SinkActor(SinkSetup setup, IActorRef ledger)
    {
        _setup = setup;
        _cursor = setup.Cursor;
        _ledger = ledger;
        Receive<OutboxGrew>(grew => Continue(grew.End));
        Receive<SinkBarrier>(OnBarrier);
        Receive<Step>(OnStep);
        Receive<Status.Failure>(failure => throw Failed("the alerts written so far could not be made durable", failure.Cause));
    }

    private enum Step
    {
        GoOn,
        Retry,
        Commit,
        Committed,
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The recipe.</summary>
    public static Props Recipe(SinkSetup setup, IActorRef ledger) => Props.CreateFrom(() => new SinkActor(setup, ledger));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Timers.StartPulseTimer(Step.Commit, Step.Commit, CommitInterval);
        if (_cursor.Failures == 0) Self.Tell(Step.GoOn);
        else Wait(BackOff(_cursor.Failures));
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        if (_sink is null) return;
        try
        {
            if (_cursor.HasUncommitted) _cursor.Commit(_sink, _cursor.Position);
        }
        catch (Exception)
        {
            // The sink may be what failed. The position stays behind, and the sink's own memory of ids makes up for it.
        }
        finally
        {
            (_sink as IDisposable)?.Dispose();
        }
    }

    private static TimeSpan BackOff(int failures) =>
        TimeSpan.FromTicks(Math.Min(LongestBackOff.Ticks, FirstBackOff.Ticks << Math.Min(failures - 1, 20)));

    private void OnStep(Step step)
    {
        switch (step)
        {
            case Step.Commit:
                Commit();
                return;
            case Step.Committed:
                return;
            case Step.Retry:
                _waits = false;
                break;
            default:
                _goesOn = false;
                break;
        }

        Pump();
    }

    private void Continue(long end)
    {
        _cursor.Tell(end);
        Pump();
    }

    private void OnBarrier(SinkBarrier mark)
    {
        Continue(mark.End);
        _ledger.Tell(_cursor.ReportAt(mark.Barrier, mark.End), Self);
    }

    private void Pump()
    {
        if (_waits) return;
        SinkProgress progress;
        try
        {
            _sink ??= _setup.Open();
            progress = _cursor.Pump(_sink, Turn);
        }
        catch (Exception failure)
        {
            throw Failed("an alert could not be written", failure);
        }

        if (progress == SinkProgress.HeldBack) Wait(HeldDelay);
        if (progress == SinkProgress.More && !_goesOn)
        {
            // Others get their turn, and barriers are not kept waiting by a backlog.
            _goesOn = true;
            Self.Tell(Step.GoOn);
        }

        if (_cursor.WantsCommit) Commit();
    }

    private void Wait(TimeSpan delay)
    {
        _waits = true;
        Timers.StartSingleTimer(Step.Retry, Step.Retry, delay);
    }

    private void Commit()
    {
        if (_sink is not { } sink || !_cursor.HasUncommitted) return;
        var position = _cursor.Position;
        var cursor = _cursor;
        _ = Task.Run(() => cursor.Commit(sink, position)).PipeTo(Self, Self, static _ => Step.Committed);
    }

    /// <summary>Counted before it is thrown: the next incarnation reads from it how long to wait.</summary>
    private IOException Failed(string what, Exception? cause)
    {
        _cursor.Fail();
        return new IOException($"{_cursor.Name}: {what}", cause);
    }
}
