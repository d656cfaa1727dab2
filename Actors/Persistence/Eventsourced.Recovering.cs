using Picket.Actors.Persistence.Recovering;

namespace Picket.Actors.Persistence;

/// <summary>The way from a new instance to its first command.</summary>
public abstract partial class Eventsourced
{
    /// <summary>All events have been replayed; <see cref="RecoveryCompleted"/> comes next.</summary>
    protected virtual void OnReplaySuccess()
    {
    }

#nullable disable annotations // An actor may override it with or without "object?".
    /// <summary>The recovery failed: a store did, what it holds is no history, or an event could not be applied. The actor stops after
    /// this.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="message">The event or snapshot that could not be applied, or null.</param>
    protected virtual void OnRecoveryFailure(Exception reason, object message = null)
    {
        if (message is null)
        {
            Log.Error(reason, "[{0}] could not recover after event {1}: {2}", PersistenceId, LastSequenceNr, reason.Message);
        }
        else
        {
            Log.Error(
                reason, "[{0}] could not apply event {1} ({2}): {3}", PersistenceId, LastSequenceNr, message.GetType(), reason.Message);
        }
    }
#nullable restore annotations

    private void BeginRecovery()
    {
        _recovery = new RecoveryRun(Extension, Self, PersistenceId, Recovery);
        _recovery.Begin();
    }

    private void EndRecovery()
    {
        _recovery?.Dispose();
        _recovery = null;
    }

    private void Recover(RecoveryMessage step)
    {
        var run = _recovery!;
        switch (step)
        {
            case PermitGranted:
                run.LoadSnapshot();
                break;
            case SnapshotLoaded loaded when !run.IsReplaying:
                if (loaded.Selected is null || Offer(loaded.Selected)) run.Replay(LastSequenceNr + 1);
                break;
            case EventsReplayed replayed:
                if (Apply(replayed.Events)) run.Credit.Release();
                break;
            case ReplayEnded ended:
                Complete(ended.HighestSequenceNr);
                break;
            case RecoveryFailed failed:
                Fail(failed.Cause);
                break;
            case RecoveryTick:
                if (run.IsSilent()) Fail(TimedOut(run));
                break;
        }
    }

    private bool Offer(SelectedSnapshot selected)
    {
        var offer = new SnapshotOffer(selected.Metadata, selected.Snapshot);
        var before = LastSequenceNr;
        LastSequenceNr = selected.Metadata.SequenceNr;
        try
        {
            if (!ReceiveRecover(offer))
            {
                // Nobody took it, so that its events are needed.
                LastSequenceNr = before;
                Unhandled(offer);
            }

            return true;
        }
        catch (Exception e)
        {
            Fail(e, selected.Snapshot);
            return false;
        }
    }

    private bool Apply(IReadOnlyList<Persistent> events)
    {
        foreach (var persistent in events)
        {
            LastSequenceNr = Math.Max(LastSequenceNr, persistent.SequenceNr);

            // The number of an event that was rejected.
            if (persistent.IsDeleted) continue;
            try
            {
                if (!ReceiveRecover(persistent.Payload)) Unhandled(persistent.Payload);
            }
            catch (Exception e)
            {
                Fail(e, persistent.Payload);
                return false;
            }
        }

        return true;
    }

    private void Complete(long highest)
    {
        EndRecovery();
        Deliveries?.OnReplaySuccess();
        OnReplaySuccess();

        // A journal whose end was lost must not get numbers that the snapshot has seen.
        LastSequenceNr = _queue.SequenceNr = Math.Max(highest, LastSequenceNr);
        _recovered = true;
        var failed = true;
        _handling = true;
        try
        {
            if (!ReceiveRecover(RecoveryCompleted.Instance)) Unhandled(RecoveryCompleted.Instance);
            failed = false;
        }
        finally
        {
            _handling = false;
            Handled(failed);
        }
    }

    private void Fail(Exception cause, object? message = null)
    {
        EndRecovery();
        try
        {
            OnRecoveryFailure(cause, message);
        }
        finally
        {
            Context.Stop(Self);
        }
    }

    private RecoveryTimedOutException TimedOut(RecoveryRun run)
    {
        var waited = Extension.Options.RecoveryEventTimeout.TotalSeconds;
        return new RecoveryTimedOutException(run.IsReplaying
            ? $"[{PersistenceId}] got no event within {waited:0.###} s; the last was {LastSequenceNr}"
            : $"[{PersistenceId}] got no snapshot within {waited:0.###} s");
    }
}
