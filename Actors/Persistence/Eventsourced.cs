using System.Diagnostics.CodeAnalysis;
using Picket.Actors.Cells;
using Picket.Actors.Event;
using Picket.Actors.Persistence.Delivery;
using Picket.Actors.Persistence.Recovering;
using Picket.Actors.Persistence.Writing;

namespace Picket.Actors.Persistence;

/// <summary>
/// An actor whose state is its history: events that it persists, and applies only when they are durable. A new incarnation gets them
/// again, from the latest snapshot on, before its first command.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "AroundPostStop and AroundPreRestart are the ends of an instance.")]
public abstract partial class Eventsourced : ActorBase, IPersistentIdentity, IWithUnboundedStash
{
    private readonly IStash _inside;
    private readonly PersistQueue _queue;
    private RecoveryRun? _recovery;
    private bool _recovered;
    private Invocation? _answer;
    private bool _handling;
    private bool _taskRunning;

    /// <summary>Made by the kernel alone.</summary>
    protected Eventsourced()
    {
        var context = (ActorCell)Context;
        Extension = Persistence.Get(context.System);
        var capacity = StashFactory.CapacityOf(this, context.Props);
        _inside = context.CreateStash(capacity >= 0 ? capacity : Extension.Options.InternalStashCapacity);
        _queue = new PersistQueue(this, Extension, Self);
        Log = context.GetLogger();
    }

    /// <summary>The name of the actor's history: the same for each incarnation, and for one living actor at a time. Never null.</summary>
    public abstract string PersistenceId { get; }

    /// <summary>How it recovers; <see cref="Recovery.None"/> takes only the number to go on with.</summary>
    public virtual Recovery Recovery => Recovery.Default;

    /// <summary>What becomes of a command that arrives during recovery or a Persist when the bounded internal stash is full.</summary>
    public virtual IStashOverflowStrategy InternalStashOverflowStrategy => Extension.Options.InternalStashOverflowStrategy;

    /// <summary>The actor's own stash. Commands that the library puts aside are not in it.</summary>
    public IStash Stash
    {
        get;
        set => field = value is Stash kept ? new PersistentStash(kept, _inside) : value;
    } = null!;

    /// <summary>True until the last event has been applied.</summary>
    public bool IsRecovering => !_recovered;

    /// <summary>True from <see cref="RecoveryCompleted"/> on.</summary>
    public bool IsRecoveryFinished => _recovered;

    /// <summary>Number of the last event that was replayed or written and answered; 0 where there is none.</summary>
    public long LastSequenceNr { get; private set; }

    /// <summary>The number that a snapshot gets.</summary>
    public long SnapshotSequenceNr => LastSequenceNr;

    /// <summary>The id that snapshots get.</summary>
    public string SnapshotterId => PersistenceId;

    /// <summary>The persistence of the system.</summary>
    protected PersistenceExtension Extension { get; }

    /// <summary>What the actor delivers again until it is confirmed; null for most.</summary>
    private protected virtual AtLeastOnceDeliverySemantic? Deliveries => null;

    /// <summary>The actor's logger.</summary>
    protected virtual ILoggingAdapter Log { get; }

    /// <summary>Applies a replayed event, a <see cref="SnapshotOffer"/> before them or <see cref="RecoveryCompleted"/> after them. Changes
    /// the state and does nothing else. False makes it unhandled.</summary>
    protected abstract bool ReceiveRecover(object message);

    /// <summary>Handles a command. False makes it unhandled.</summary>
    protected abstract bool ReceiveCommand(object message);

    /// <inheritdoc/>
    protected override bool Receive(object message) => ReceiveCommand(message);

    /// <inheritdoc/>
    protected override bool AroundReceive(Receive receive, object message)
    {
        switch (message)
        {
            case Invocation answer:
                if (ReferenceEquals(answer.Owner, this)) TakeAnswer(answer);
                break;
            case RecoveryMessage step:
                if (ReferenceEquals(step.Run, _recovery)) Recover(step);
                break;
            case RedeliveryTick when Deliveries is { } deliveries:
                deliveries.AroundReceive(receive, message);
                break;
            default:
                if (!_recovered || _queue.Stashing > 0) StashInside(message);
                else TakeCommand(receive, message);
                break;
        }

        return true;
    }

    /// <inheritdoc/>
    public override void AroundPreStart()
    {
        RequireId();
        base.AroundPreStart();
        BeginRecovery();
    }

#nullable disable annotations // An actor may override these with or without "object?".
    /// <inheritdoc/>
    public override void AroundPreRestart(Exception cause, object message)
    {
        Deliveries?.Cancel();
        EndRecovery();
        _queue.Flush();
        base.AroundPreRestart(cause, message switch
        {
            Invocation answer => answer.Written?.Payload,
            RecoveryMessage => null,
            _ => message,
        });
    }

    /// <inheritdoc/>
    public override void AroundPostRestart(Exception cause, object message)
    {
        RequireId();
        base.AroundPostRestart(cause, message);
        BeginRecovery();
    }
#nullable restore annotations

    /// <inheritdoc/>
    public override void AroundPostStop()
    {
        Deliveries?.Cancel();
        EndRecovery();
        base.AroundPostStop();
    }

    /// <inheritdoc/>
    protected override void Unhandled(object message)
    {
        switch (message)
        {
            case RecoveryCompleted:
                return;
            case SaveSnapshotFailure failure:
                Log.Warning(failure.Cause, "snapshot {0} of [{1}] was not saved: {2}", failure.Metadata.SequenceNr, PersistenceId,
                    failure.Cause.Message);
                break;
            case DeleteSnapshotFailure failure:
                Log.Warning(failure.Cause, "snapshot {0} of [{1}] was not deleted: {2}", failure.Metadata.SequenceNr, PersistenceId,
                    failure.Cause.Message);
                break;
            case DeleteSnapshotsFailure failure:
                Log.Warning(failure.Cause, "snapshots of [{0}] were not deleted: {1}", PersistenceId, failure.Cause.Message);
                break;
            case DeleteMessagesFailure failure:
                Log.Warning(failure.Cause, "events of [{0}] up to {1} were not deleted: {2}", PersistenceId, failure.ToSequenceNr,
                    failure.Cause.Message);
                break;
        }

        base.Unhandled(message);
    }

    /// <summary>Runs a task for a command; the next message waits until it has ended, and what it persisted is written then.</summary>
    /// <exception cref="NotSupportedException">A task is running already.</exception>
    protected void RunTask(Func<Task> action) => RunHandler(action);

    internal void RunHandler(Func<Task> action)
    {
        if (_taskRunning) throw new NotSupportedException("RunTask calls cannot be nested");
        RunAsync(RunToEndAsync, action);
    }

    private async Task RunToEndAsync(Func<Task> action)
    {
        _taskRunning = true;
        var failed = true;
        try
        {
            await action();
            failed = false;
        }
        finally
        {
            _taskRunning = false;

            // A task that ended within its handler leaves the rest to it.
            if (!_handling) Handled(failed);
        }
    }

    private void TakeCommand(Receive receive, object message)
    {
        var failed = true;
        _handling = true;
        try
        {
            base.AroundReceive(receive, message);
            failed = false;
        }
        finally
        {
            _handling = false;
            Handled(failed);
        }
    }

    /// <summary>One answer of the journal: the handler that waits for it, and what it leads to.</summary>
    private void TakeAnswer(Invocation answer)
    {
        if (answer.EndsWrite) _queue.EndWrite();
        if (answer is { Written: { } written, Outcome: not Outcome.Failed }) LastSequenceNr = Math.Max(LastSequenceNr, written.SequenceNr);
        _answer = answer;
        var failed = true;
        _handling = true;
        try
        {
            if (answer.Outcome == Outcome.Done) answer.Invoke();
            else Refused(answer);
            failed = false;
        }
        finally
        {
            _handling = false;
            Handled(failed);
        }
    }

    private void Refused(Invocation answer)
    {
        var written = answer.Written!;
        if (answer.Outcome == Outcome.Rejected)
        {
            OnPersistRejected(answer.Cause!, written.Payload, written.SequenceNr);
            return;
        }

        try
        {
            OnPersistFailure(answer.Cause!, written.Payload, written.SequenceNr);
        }
        finally
        {
            Context.Stop(Self);
        }
    }

    /// <summary>After a command or a handler, and after its task: what it persisted goes out, and the next command comes in.</summary>
    private void Handled(bool failed)
    {
        _queue.Flush();
        if (_taskRunning) return;
        if (_answer is { } answer)
        {
            _answer = null;
            _queue.Settle(answer);
        }

        if (!_recovered || _queue.Stashing > 0) return;

        // One by one, as each may persist. After a failure all: the mailbox goes to the next incarnation.
        if (failed) _inside.UnstashAll();
        else _inside.Unstash();
    }

    private void StashInside(object message)
    {
        try
        {
            _inside.Stash();
        }
        catch (StashOverflowException)
        {
            switch (InternalStashOverflowStrategy)
            {
                case DiscardToDeadLetterStrategy:
                    Context.System.DeadLetters.Tell(new DeadLetter(message, Sender, Self), Sender);
                    break;
                case ReplyToStrategy reply:
                    Sender.Tell(reply.Response);
                    break;
                default:
                    throw;
            }
        }
    }

    private void RequireId()
    {
        if (PersistenceId is null) throw new ArgumentNullException(nameof(PersistenceId), $"{Self} has no persistence id");
    }
}
