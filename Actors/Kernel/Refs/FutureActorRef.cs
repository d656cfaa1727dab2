using Picket.Actors.Dispatch.SysMsg;

namespace Picket.Actors.Refs;

/// <summary>Where the answer to one Ask goes. A second or late answer is a dead letter.</summary>
internal sealed class FutureActorRef<T>(ActorSystem system) : InternalActorRef
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ITimer? _timer;
    private CancellationTokenRegistration _registration;
    private ActorPath? _path;
    private TimeSpan _timeout;

    /// <summary>Made when somebody asks, as most answers come without.</summary>
    public override ActorPath Path =>
        Volatile.Read(ref _path) ?? Interlocked.CompareExchange(
            ref _path, new ChildActorPath(new RootActorPath(system.Address) / "temp", "$ask", system.NextUid()), null) ?? _path;

    public override ActorSystem System => system;

    public override bool IsTerminated => _answer.Task.IsCompleted;

    public Task<T> Begin(TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var limit = timeout ?? system.Options.AskTimeout;
        if (limit > TimeSpan.Zero)
        {
            _timeout = limit;
            _timer = system.TimeProvider.CreateTimer(static state => ((FutureActorRef<T>)state!).TimedOut(), this, limit,
                Timeout.InfiniteTimeSpan);
        }

        if (cancellationToken.CanBeCanceled)
        {
            _registration = cancellationToken.UnsafeRegister(
                static (state, token) =>
                {
                    var self = (FutureActorRef<T>)state!;
                    if (self._answer.TrySetCanceled(token)) self._timer?.Dispose();
                },
                this);
        }

        return _answer.Task;
    }

    public override void Tell(object message, IActorRef? sender)
    {
        Require(message);
        var taken = message switch
        {
            // What awaits the task is no handler whose end the kernel could see.
            ILease => Refuse(message, "a lease cannot be an answer"),
            T answer => _answer.TrySetResult(answer),
            Status.Failure failure =>
                _answer.TrySetException(failure.Cause ?? new TaskCanceledException("the receiver answered with a failure")),
            _ => Mismatch(message),
        };
        if (!taken)
        {
            if (!_answer.Task.IsCanceled || message is ILease) system.DeadLetterOffice.Deliver(message, sender, this);
            return;
        }

        _timer?.Dispose();
        _registration.Unregister();
    }

    public override void SendSystem(SystemMessage message)
    {
        if (message is not Watch watch) return;
        _answer.Task.ContinueWith(
            (_, state) => ((Watch)state!).Watcher.SendSystem(new DeathWatchNotification(this, existenceConfirmed: true)),
            watch, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>The task says what came; what came is a dead letter too.</summary>
    private bool Mismatch(object message)
    {
        if (!_answer.TrySetException(new ArgumentException($"received a [{message.GetType()}], asked for a [{typeof(T)}]"))) return false;
        system.DeadLetterOffice.Deliver(message, null, this);
        return true;
    }

    private bool Refuse(object message, string why)
    {
        if (!_answer.TrySetException(new ArgumentException(why))) return false;
        system.DeadLetterOffice.ReleaseLease(message);
        return true;
    }

    private void TimedOut()
    {
        if (!_answer.TrySetException(new AskTimeoutException($"no answer within {_timeout}"))) return;
        _timer?.Dispose();
        _registration.Unregister();
    }
}
