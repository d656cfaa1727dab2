using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Picket.Actors.Dispatch;
using Picket.Actors.Event;

namespace Picket.Actors.Cells;

/// <summary>Turns: system messages first, then user messages one by one, and what is owed to each.</summary>
internal sealed partial class ActorCell
{
    /// <summary>Messages in one turn that make it a stream.</summary>
    private const int Stream = 8;

    // In this order: the runtime lays structs out behind all other fields, as they are declared.
    private Cursor _cursor;
    private RareFields _rare;

    /// <summary>Goes before the mailbox: what was unstashed, and the rest of a lease whose handling failed. Next is on top.</summary>
    private Stack<Envelope>? _front;

    private object? _message;
    private IActorRef? _sender;
    private Type? _lastType;
    private int _suspended;
    private MessageTraits _lastTraits;
    private LeaseState _lease;
    private bool _direct;
    private bool _terminating;
    private bool _terminated;

    /// <summary>True unless suspended, ending, or waiting for an asynchronous handler.</summary>
    public bool TakesUserMessages => _suspended == 0 && !_terminating && !_terminated && _async is not { Awaiting: true };

    public bool HasUserMessages => _front is { Count: > 0 }
        || (Mailbox.Queue is SegmentQueue plain ? plain.HasMessages(_cursor) : Mailbox.Queue.HasMessages(_cursor));

    /// <summary>The message being handled, for the stash; null outside of a handler.</summary>
    public Envelope? CurrentEnvelope => _message is null ? null : new Envelope(_message, _sender);

    /// <summary>True when the message being handled is in a stash already.</summary>
    public bool Stashed { get; set; }

    public Stash CreateStash(int capacity)
    {
        var stash = new Stash(this, capacity);
        (_rare.Stashes ??= []).Add(stash);
        return stash;
    }

    /// <summary>One turn.</summary>
    // hot
    public TurnEnd RunTurn(TurnThread thread, int throughput)
    {
        thread.Cell = this;
        var mailbox = Mailbox;
        if (mailbox.HasSystem) ProcessSystem();
        var open = TakesUserMessages;
        var left = throughput;
        while (open)
        {
            if (left-- == 0) return TurnEnd.More;
            if (!TryNext(mailbox, out var message, out var sender))
            {
                // In the middle of a stream the next message is nearer than another turn would be.
                if (throughput - left > Stream && thread.AwaitMore(mailbox)) continue;
                return TurnEnd.Idle;
            }

            if (!TryHandle(message, sender)) open = TakesUserMessages;
            if (!mailbox.HasSystem) continue;
            ProcessSystem();
            open = TakesUserMessages;
        }

        return _terminated ? TurnEnd.Ended : TurnEnd.Parked;
    }

    /// <summary>The lease being handled goes to whoever was told or keeps it; the handler's end no longer releases it.</summary>
    public void HandOver(object message)
    {
        if (_lease == LeaseState.Held && ReferenceEquals(message, _message)) _lease = LeaseState.None;
    }

    /// <summary>Puts messages before all others, the first of the list first.</summary>
    public void Prepend(IReadOnlyList<Envelope> envelopes)
    {
        _front ??= new Stack<Envelope>();
        for (var i = envelopes.Count - 1; i >= 0; i--) _front.Push(envelopes[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryNext(Mailbox mailbox, out object message, out IActorRef? sender)
    {
        if (_front is not { Count: > 0 } front)
        {
            return mailbox.Queue is SegmentQueue plain
                ? plain.TryDequeue(ref _cursor, out message, out sender)
                : mailbox.Queue.TryDequeue(ref _cursor, out message, out sender);
        }

        (message, sender) = front.Pop();
        return true;
    }

    /// <summary>False when the message may have changed whether the actor takes others.</summary>
    // hot
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryHandle(object message, IActorRef? sender)
    {
        _message = message;
        _sender = sender;
        if (message.GetType() != _lastType) Classify(message);
        try
        {
            if (_lastTraits != MessageTraits.None) HandleSpecial(message);
            else if (_direct && _behavior is null) Unsafe.As<UntypedActor>(_actor!).HandleDirectly(message);
            else _actor!.Handle(_behavior ?? _actor.InitialBehavior, message);
        }
        catch (Exception e)
        {
            // The supervisor answers for whatever a handler throws.
            HandlerFailed(e);
            return false;
        }

        if (_async is not { Pending: not null })
        {
            Complete();
            return true;
        }

        AwaitPending();
        return false;
    }

    private void HandleSpecial(object message)
    {
        if ((_lastTraits & MessageTraits.Lease) != 0) _lease = LeaseState.Held;
        if ((_lastTraits & MessageTraits.Auto) != 0) AutoReceive(message);
        else _actor!.Handle(_behavior ?? _actor.InitialBehavior, message);
    }

    /// <summary>The handler is done, its task too: pay what is owed and forget the message.</summary>
    private void Complete()
    {
        if (_lease != LeaseState.None) ReleaseLease();
        if (_idleTimer is not null && (_lastTraits & MessageTraits.Quiet) == 0) _idleTimer.Touch();
        Stashed = false;
        _message = null;
        _sender = null;
    }

    private void HandlerFailed(Exception cause)
    {
        // What the handler had started may still use the lease: wait for its end, then fail.
        if (_async is { Pending: { IsCompleted: false } running } turn)
        {
            turn.Pending = FailAfter(running, cause);
            AwaitPending();
            return;
        }

        if (_async is not null) _async.Pending = null;
        if (_lease == LeaseState.Held) _lease = LeaseState.Failed;
        Fail(cause, null);
    }

    private static async Task FailAfter(Task running, Exception cause)
    {
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ExceptionDispatchInfo.Throw(cause);
    }

    private void Classify(object message)
    {
        _lastType = message.GetType();
        _lastTraits = (message is IAutoReceivedMessage ? MessageTraits.Auto : 0)
            | (message is ILease ? MessageTraits.Lease : 0)
            | (message is INotInfluenceReceiveTimeout ? MessageTraits.Quiet : 0);
    }

    private void AutoReceive(object message)
    {
        if (message is not TimerMessage) Trace(DebugEvents.AutoReceive, "received", message);
        switch (message)
        {
            case PoisonPill:
                _self.Stop();
                break;
            case Kill:
                throw new ActorKilledException("Kill");
            case Identify identify:
                Sender.Tell(new ActorIdentity(identify.MessageId, _self), _self);
                break;
            case Terminated terminated:
                if (_rare.Watch is null || !_rare.Watch.Tell(terminated.ActorRef, out var instead)) break;
                Substitute(instead ?? message);
                break;
            case TimerMessage timer:
                if (timer.Owner.TryTake(timer)) Substitute(timer.Message);
                break;
            default:
                _actor!.Handle(_behavior ?? _actor.InitialBehavior, message);
                break;
        }
    }

    /// <summary>Hands over what an envelope of the kernel carries, as if it had come itself.</summary>
    private void Substitute(object message)
    {
        _message = message;
        Classify(message);
        if (message is ILease) _lease = LeaseState.Held;
        if (message is PoisonPill or Kill) AutoReceive(message);
        else _actor!.Handle(_behavior ?? _actor.InitialBehavior, message);
    }

    /// <summary>After Resume or Restart: the rest of a lease goes before all other messages, an empty one goes back.</summary>
    private void SettleFailedLease()
    {
        if (_lease == LeaseState.Failed)
        {
            var remains = false;
            try
            {
                remains = ((ILease)_message!).SkipFailed();
            }
            catch (Exception e)
            {
                // A lease that cannot say what remains has nothing left that could be delivered.
                Report(e, "a lease could not skip its failed item");
            }

            if (remains)
            {
                Prepend([new Envelope(_message!, _sender)]);
                _lease = LeaseState.None;
            }
            else
            {
                ReleaseLease();
            }
        }

        Stashed = false;
        _message = null;
        _sender = null;
    }

    private void ReleaseLease()
    {
        _lease = LeaseState.None;
        System.DeadLetterOffice.ReleaseLease(_message!);
    }

    /// <summary>Logs what the system was asked to log at debug level.</summary>
    public void Trace(DebugEvents kind, string what, object? about = null)
    {
        if ((System.Options.Debug & kind) == 0) return;
        var message = about is null ? what : $"{what} {about} from {Sender}";
        System.PublishLog(new Debug(_self.Path.ToString(), ActorType ?? Props.Type, message));
    }

    private void Report(Exception cause, string what) =>
        System.PublishLog(new Error(cause, _self.Path.ToString(), _actor?.GetType() ?? typeof(ActorCell), $"{what}: {cause.Message}"));
}
