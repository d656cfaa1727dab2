using Picket.Actors;
using Picket.Actors.Persistence;

namespace Picket.Detection.Context.Ancestry;

/// <summary>
/// /ancestry/writer: keeps the dead ancestors of the living in the node's store, so that after a restart a process whose parent is gone
/// still shows its ancestry. It asks /context once an interval and writes what has changed; /context never waits for it. What
/// the last interval brought is in the process journal until then.
/// </summary>
/// <remarks>Each interval has one write at most: a change, or one of the three steps that keep the store small.</remarks>
internal sealed class AncestryActor : UntypedPersistentActor, IWithTimers
{
    private readonly AncestrySetup _setup;
    private readonly IActorRef _context;
    private readonly IActorRef _monitor;
    private readonly IActorRef _starter;
    private readonly AncestryState _state;
    private Step _next = Step.Change;
    private long _seen;
    private int _changes;
    private long _snapshot;
    private long _written;
    private bool _said;

    /// <summary>Makes the actor; one at a time for a persistence id.</summary>
    /// <param name="setup">Whose, and how.</param>
    /// <param name="context">Knows the living, and is told what was recovered.</param>
    /// <param name="monitor">Told <see cref="AncestryTrouble"/> and <see cref="AncestryWritten"/>.</param>
    /// <param name="starter">Told <see cref="AncestryReady"/>.</param>
    public AncestryActor(AncestrySetup setup, IActorRef context, IActorRef monitor, IActorRef starter)
    {
        _setup = setup;
        _context = context;
        _monitor = monitor;
        _starter = starter;
        _state = new AncestryState(setup.BootId);
    }

    /// <summary>The steps of the writer. A snapshot is followed by the two deletions that it allows; after each of the three it awaits the
    /// answer.</summary>
    private enum Step
    {
        Change,
        Snapshot,
        DeleteChanges,
        DeleteSnapshots,
        Await,
    }

    public override string PersistenceId => _setup.PersistenceId;

    public ITimerScheduler Timers { get; set; } = null!;

    private static TimeProvider Time => Context.System.TimeProvider;

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer { Snapshot: AncestrySnapshot snapshot }:
                if (!_state.Restore(snapshot)) _next = Step.Snapshot;
                break;
            case AncestryChanged change:
                _changes++;
                if (!_state.Apply(change)) _next = Step.Snapshot;
                break;
            case RecoveryCompleted:
                if (_changes >= _setup.Options.ChangesPerSnapshot) _next = Step.Snapshot;
                _written = Time.GetTimestamp();
                Wait();
                var known = _state.ToSnapshot();
                _context.Tell(new AncestryRecovered(known.Ancestors, known.Links), Self);
                _starter.Tell(new AncestryReady(), Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case Tick:
                Wait();
                Take();
                break;
            case LivingProcesses living when _next == Step.Change && MayWrite:
                Write(living);
                break;
            case LivingProcesses:
                // The answer came late. The next one says the same.
                break;
            case SaveSnapshotSuccess saved:
                Say();
                _changes = 0;
                _snapshot = saved.Metadata.SequenceNr;
                _next = Step.DeleteChanges;
                break;
            case DeleteMessagesSuccess:
                _next = Step.DeleteSnapshots;
                break;
            case DeleteSnapshotsSuccess:
                _next = Step.Change;
                break;
            case SaveSnapshotFailure failure:
                Postpone(failure.Cause);
                break;
            case DeleteMessagesFailure failure:
                Postpone(failure.Cause);
                break;
            case DeleteSnapshotsFailure failure:
                Postpone(failure.Cause);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => Trouble(cause);

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) => Trouble(cause);

    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
        Trouble(reason);
        _starter.Tell(new AncestryReady(), Self);
    }

    private bool MayWrite => Time.GetElapsedTime(_written) >= _setup.Options.Interval;

    private void Wait() => Timers.StartSingleTimer(Tick.Instance, Tick.Instance, _setup.Options.Interval);

    private void Take()
    {
        if (_next == Step.Change)
        {
            _context.Tell(new TellLiving(_seen), Self);
            return;
        }

        if (_next == Step.Await || !MayWrite) return;
        _written = Time.GetTimestamp();
        switch (_next)
        {
            case Step.Snapshot:
                SaveSnapshot(_state.ToSnapshot());
                break;
            case Step.DeleteChanges:
                DeleteMessages(_snapshot);
                break;
            default:
                DeleteSnapshots(new SnapshotSelectionCriteria(_snapshot - 1));
                break;
        }

        _next = Step.Await;
    }

    private void Write(LivingProcesses living)
    {
        var wanted = AncestrySelection.Of(living.Contexts, _setup.BootId, _setup.Options);
        if (_state.Compare(wanted) is not { } change)
        {
            _seen = living.Version;
            return;
        }

        _written = Time.GetTimestamp();
        Persist(change, stored =>
        {
            Say();
            _state.Apply(stored);
            _seen = living.Version;
            if (++_changes >= _setup.Options.ChangesPerSnapshot) _next = Step.Snapshot;
        });
    }

    /// <summary>What could not be cleared away is so after as many changes again; they go on.</summary>
    private void Postpone(Exception cause)
    {
        Trouble(cause);
        _changes = 0;
        _next = Step.Change;
    }

    private void Trouble(Exception cause)
    {
        _said = false;
        _monitor.Tell(new AncestryTrouble(cause.Message), Self);
    }

    private void Say()
    {
        if (_said) return;
        _said = true;
        _monitor.Tell(new AncestryWritten(), Self);
    }

    private sealed record Tick
    {
        public static Tick Instance { get; } = new();
    }
}
