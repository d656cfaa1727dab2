using Picket.Actors.Dispatch.SysMsg;
using Picket.Actors.Refs;

namespace Picket.Actors.Cells;

/// <summary>Birth, failure, restart and end: the state machine of system messages, with the meaning that Akka gave it.</summary>
internal sealed partial class ActorCell
{
    private bool _failed;

    private bool AwaitsChildren => _rare.Children is { Awaited: true };

    private void ProcessSystem()
    {
        while (!_terminated && Mailbox.TakeSystem() is { } message) ProcessSystem(message);
    }

    private void ProcessSystem(SystemMessage? message)
    {
        while (message is not null)
        {
            var next = message.Next;
            message.Next = null;
            if (_terminated) LocalActorRef.Answer(message);
            else if (MustWait(message)) (_rare.Deferred ??= []).Add(message);
            else Handle(message);
            message = next;
            if (_rare.Deferred is { Count: > 0 }) ReplayDeferred();
        }
    }

    private void ReplayDeferred()
    {
        for (var i = 0; i < _rare.Deferred!.Count;)
        {
            var message = _rare.Deferred[i];
            if (!_terminated && MustWait(message))
            {
                i++;
                continue;
            }

            _rare.Deferred.RemoveAt(i);
            if (_terminated) LocalActorRef.Answer(message);
            else Handle(message);
            i = 0;
        }
    }

    private bool MustWait(SystemMessage message) => message switch
    {
        Recreate or Resume => AwaitsChildren || _async is { Awaiting: true },
        Suspend => AwaitsChildren,
        Terminate => _async is { Awaiting: true },
        ChildFailed => _suspended > 0 || AwaitsChildren,
        _ => false,
    };

    private void Handle(SystemMessage message)
    {
        try
        {
            switch (message)
            {
                case CreateCell:
                    OnCreate();
                    break;
                case Recreate recreate:
                    OnRecreate(recreate.Cause);
                    break;
                case Suspend:
                    OnSuspend();
                    break;
                case Resume resume:
                    OnResume(resume.CausedByFailure);
                    break;
                case Terminate:
                    OnTerminate();
                    break;
                case ChildFailed failed:
                    OnChildFailed(failed);
                    break;
                case DeathWatchNotification notification:
                    OnEnded(notification);
                    break;
                case Watch watch:
                    (_rare.Watch ??= new DeathWatch()).AddWatcher(watch.Watcher);
                    break;
                case Unwatch unwatch:
                    _rare.Watch?.RemoveWatcher(unwatch.Watcher);
                    break;
                case Continuation continuation:
                    OnContinuation(continuation);
                    break;
                case AsyncDone done:
                    OnAsyncDone(done);
                    break;
            }
        }
        catch (Exception e)
        {
            // User code ran here too: constructors, hooks, deciders, continuations.
            Fail(e, null);
        }
    }

    private void OnCreate()
    {
        try
        {
            Incarnate();
            _actor!.AroundPreStart();
            Trace(DebugEvents.Lifecycle, "started");
        }
        catch (Exception e)
        {
            // A null instance is how later messages know that there was no birth.
            Abandon();
            throw e as ActorInitializationException
                ?? new ActorInitializationException(_self, $"{_self}: exception during creation: {e.Message}", e);
        }

        if (_async is { Pending: not null }) AwaitPending();
    }

    private void Incarnate()
    {
        _behavior = null;
        _rare.BehaviorsBelow?.Clear();
        Incarnating = true;
        try
        {
            var actor = Props.Producer.Produce() ?? throw new ActorInitializationException(_self, $"{_self}: the producer gave null");
            if (actor is IActorStash stash) stash.Stash = CreateStash(StashFactory.CapacityOf(actor, Props));
            if (actor is IWithTimers timers) timers.Timers = new TimerScheduler(_self, System);
            _direct = actor is UntypedActor { IsDirect: true };
            Volatile.Write(ref _actor, actor);
        }
        finally
        {
            Incarnating = false;
        }
    }

    /// <summary>Drops an instance that never became whole: no hook is called, nothing of it may go on.</summary>
    private void Abandon()
    {
        if (_actor is null) return;
        (_actor as IWithTimers)?.Timers.CancelAll();
        EndIncarnation();
        Volatile.Write(ref _actor, null);
    }

    /// <summary>Suspends the actor and its children and asks the supervisor. Once failed, it is for the supervisor to speak.</summary>
    /// <param name="cause">What was thrown.</param>
    /// <param name="perpetrator">The child that failed, where this is its failure escalated; it has suspended itself.</param>
    /// <param name="suspended">Children that have been suspended before.</param>
    private void Fail(Exception cause, LocalActorRef? perpetrator, LocalActorRef[]? suspended = null)
    {
        if (_failed || _terminated) return;
        _failed = true;
        _rare.Perpetrator = perpetrator;
        _suspended++;
        foreach (var child in ChildRefs())
        {
            if (!ReferenceEquals(child, perpetrator) && (suspended is null || Array.IndexOf(suspended, child) < 0)) child.Suspend();
        }

        _parent.SendSystem(new ChildFailed(_self, cause));
    }

    private void OnChildFailed(ChildFailed failed)
    {
        if (_rare.Children is null || !_rare.Children.Contains(failed.Child)) return;
        try
        {
            var strategy = _actor?.EffectiveStrategy ?? SupervisorStrategy.DefaultStrategy;
            if (!strategy.HandleFailure(this, failed.Child, failed.Cause)) Fail(failed.Cause, failed.Child);
        }
        catch (Exception e)
        {
            // A decider that throws leaves the child as it is, for our own supervisor to decide about both.
            Fail(e, failed.Child);
        }
    }

    private void OnSuspend()
    {
        _suspended++;
        foreach (var child in ChildRefs()) child.Suspend();
    }

    private void OnResume(Exception? causedByFailure)
    {
        if (_actor is null)
        {
            CreateAgain(_rare.RecreateCause is null ? null : causedByFailure ?? _rare.RecreateCause);
            return;
        }

        // An instance whose PostRestart failed is none to go on with.
        if (causedByFailure is not null && _rare.RecreateCause is not null)
        {
            OnRecreate(causedByFailure);
            return;
        }

        var perpetrator = _rare.Perpetrator;
        Unsuspend();
        if (causedByFailure is not null)
        {
            _failed = false;
            _rare.Perpetrator = null;
            SettleFailedLease();
        }

        foreach (var child in ChildRefs()) child.Resume(ReferenceEquals(child, perpetrator) ? causedByFailure : null);
    }

    private void OnRecreate(Exception cause)
    {
        if (_actor is null)
        {
            CreateAgain(_rare.RecreateCause is null ? null : cause);
            return;
        }

        Trace(DebugEvents.Lifecycle, "restarting");
        (_actor as IWithTimers)?.Timers.CancelAll();
        try
        {
            _actor.AroundPreRestart(cause, _failed && _rare.RecreateCause is null ? _message : null);
        }
        catch (Exception e)
        {
            Report(new PreRestartException(_self, e, cause, _message), "the restart goes on");
        }

        EndIncarnation();
        _rare.RecreateCause = cause;
        if (_rare.Children is null || !_rare.Children.AwaitDying(ChildrenFate.Recreation)) FinishRecreate();
    }

    /// <summary>There is no instance to restart: its constructor had failed, or the first PreStart. Tries once more, from the beginning
    /// where there has never been one (no cause), else with PostRestart.</summary>
    private void CreateAgain(Exception? cause)
    {
        SetReceiveTimeout(null);
        foreach (var child in ChildRefs()) Stop(child);
        _rare.RecreateCause = cause;
        if (_rare.Children is null || !_rare.Children.AwaitDying(ChildrenFate.Recreation)) FinishRecreate();
    }

    private void FinishRecreate()
    {
        var cause = _rare.RecreateCause;
        var survivors = ChildRefs();
        try
        {
            // Cleared first, so that a failure of the new incarnation is told again.
            Unsuspend();
            _failed = false;
            _rare.Perpetrator = null;
            Volatile.Write(ref _actor, null);
            Incarnate();
            Restarts++;
            if (cause is null) _actor!.AroundPreStart();
            else _actor!.AroundPostRestart(cause, _message);
            _rare.RecreateCause = null;
            Trace(DebugEvents.Lifecycle, "restarted");
        }
        catch (Exception e)
        {
            // Whose PostRestart failed still has its PreRestart or PostStop to come, as in Akka.
            if (cause is null) Abandon();
            Fail(cause is null
                ? new ActorInitializationException(_self, $"{_self}: exception during creation: {e.Message}", e)
                : new PostRestartException(_self, e, cause), null, survivors);
            return;
        }

        foreach (var child in survivors) child.Restart(cause!);
        SettleFailedLease();
        if (_async is { Pending: not null }) AwaitPending();
    }

    private void Unsuspend()
    {
        if (_suspended > 0) _suspended--;
    }

    private void OnTerminate()
    {
        if (_terminating) return;
        SetReceiveTimeout(null);

        // First no child may be added any more, not even to a guardian from another thread; then all that are there end.
        _rare.Children?.AwaitDying(ChildrenFate.Termination);
        foreach (var child in ChildRefs()) Stop(child);
        if (_rare.Children is { HasDying: true }) _terminating = true;
        else FinishTerminate();
    }

    private void FinishTerminate()
    {
        SetReceiveTimeout(null);
        var actor = _actor;
        if (actor is not null)
        {
            (actor as IWithTimers)?.Timers.CancelAll();
            try
            {
                actor.AroundPostStop();
            }
            catch (Exception e)
            {
                Report(e, "PostStop threw");
            }

            EndIncarnation();
        }

        Trace(DebugEvents.Lifecycle, "stopped");
        if (_lease != LeaseState.None) ReleaseLease();
        _message = null;
        _sender = null;
        Volatile.Write(ref _terminated, true);
        DrainToDeadLetters();
        Volatile.Write(ref _actor, null);
        _behavior = null;
        _parent.SendSystem(new DeathWatchNotification(_self, existenceConfirmed: true));
        _rare.Watch?.End(_self, _parent);
        ProcessSystem(Mailbox.Seal());
        if (_rare.Deferred is { Count: > 0 }) ReplayDeferred();
        Mailbox.Dispatcher.Detach();
    }

    private void DrainToDeadLetters()
    {
        while (_front is { Count: > 0 })
        {
            var (message, sender) = _front.Pop();
            System.DeadLetterOffice.Deliver(message, sender, _self);
        }

        Mailbox.Queue.Close(ref _cursor, (message, sender) => System.DeadLetterOffice.Deliver(message, sender, _self));
    }

    /// <summary>What an instance leaves behind goes back to the mailbox; its producer may take the instance.</summary>
    private void EndIncarnation()
    {
        if (_rare.Stashes is not null)
        {
            foreach (var stash in _rare.Stashes) stash.UnstashAll();
            _rare.Stashes.Clear();
        }

        if (_async is not null) _async.Pending = null;
        Props.Producer.Release(_actor!);
    }

    private void OnEnded(DeathWatchNotification notification)
    {
        var subject = notification.Actor;
        if (_rare.Watch is not null && _rare.Watch.HasEnded(subject) && !_terminating)
        {
            // Through the mailbox, so that it comes after what the dead had sent.
            Mailbox.PostUnbounded(new Terminated(subject, notification.ExistenceConfirmed, AddressTerminated: false), subject);
        }

        switch (_rare.Children?.Remove(subject))
        {
            case ChildrenFate.Recreation:
                FinishRecreate();
                break;
            case ChildrenFate.Termination:
                FinishTerminate();
                break;
        }
    }
}
