using Picket.Actors;
using Picket.Detection.Events;
using Barrier = Picket.Detection.Events.Barrier;

namespace Picket.Detection.Alerts.Delivery;

/// <summary>
/// <c>/alerts</c>: takes alerts into the outbox and tells the sinks, its children. It keeps nothing that counts in itself, so that a new
/// incarnation goes on where the last one stood; its children live on meanwhile.
/// </summary>
public sealed class AlertsActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(250);

    private readonly AlertIntake _intake;
    private readonly IReadOnlyList<SinkSetup> _sinks;
    private readonly BarrierCopies _copies;
    private readonly IActorRef _ledger;
    private long _told;

    private AlertsActor(AlertIntake intake, IReadOnlyList<SinkSetup> sinks, BarrierCopies copies, IActorRef ledger)
    {
        _intake = intake;
        _sinks = sinks;
        _copies = copies;
        _ledger = ledger;
        Receive<AlertRaised>(OnRaised);
        Receive<Barrier>(OnBarrier);
        Receive<DrainWaiting>(_ => Drain());
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The recipe.</summary>
    /// <param name="intake">The way into the outbox.</param>
    /// <param name="sinks">The sinks.</param>
    /// <param name="sources">How many edges lead here, each of which brings its own copy of a barrier.</param>
    /// <param name="ledger">Gets a <see cref="LedgerReport"/> for each edge and for the stage.</param>
    public static Props Recipe(AlertIntake intake, IReadOnlyList<SinkSetup> sinks, int sources, IActorRef ledger)
    {
        var copies = new BarrierCopies(sources);
        return Props.CreateFrom(() => new AlertsActor(intake, sinks, copies, ledger));
    }

    /// <inheritdoc/>
    protected override void PreStart()
    {
        foreach (var sink in _sinks)
        {
            if (Context.Child(sink.Cursor.Name).IsNobody()) Context.ActorOf(SinkActor.Recipe(sink, _ledger), sink.Cursor.Name);
        }

        Drain();
    }

    /// <summary>The sinks have done nothing wrong: they go on while their parent is made anew.</summary>
    protected override void PreRestart(Exception reason, object? message)
    {
    }

    /// <summary>A sink is made anew whatever it failed of, also when it was killed: it waits before it tries again.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(static _ => Directive.Restart);

    private void OnRaised(AlertRaised raised)
    {
        raised.Begin();
        _intake.Accept(raised.Alert, raised.IsRetry);
        raised.End();
        TellSinks();
    }

    private void Drain()
    {
        _intake.Drain();
        TellSinks();
    }

    private void TellSinks()
    {
        if (_intake.Waiting > 0 && !Timers.IsTimerActive(DrainWaiting.Instance))
            Timers.StartSingleTimer(DrainWaiting.Instance, DrainWaiting.Instance, RetryDelay);
        var end = _intake.End;
        if (end == _told) return;
        _told = end;
        var grew = new OutboxGrew(end);
        foreach (var sink in _sinks) Context.Child(sink.Cursor.Name).Tell(grew, Self);
    }

    /// <summary>Reports each edge as its copy arrives; the stage and the sinks when the last copy is in.</summary>
    private void OnBarrier(Barrier barrier)
    {
        _ledger.Tell(LedgerReport.At(barrier), Self);
        if (!_copies.IsLast(barrier.Number)) return;
        _ledger.Tell(LedgerReport.At(barrier.Number, _intake.Stage, _intake.Waiting), Self);
        foreach (var sink in _sinks)
        {
            var edge = sink.Cursor.Edge;
            Context.Child(sink.Cursor.Name).Tell(new SinkBarrier(new Barrier(barrier.Number, edge, edge.Given), _intake.End), Self);
        }
    }

    private sealed record DrainWaiting
    {
        internal static readonly DrainWaiting Instance = new();
    }
}
