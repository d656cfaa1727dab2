using Picket.Actors.Dispatch;
using Picket.Actors.Dispatch.SysMsg;

namespace Picket.Actors.Refs;

/// <summary>Where the answer to one Ask goes. A second or late answer is a dead letter.</summary>
/// <remarks>The first answer settles the outcome; the task ends after the turn that gave it, on the same worker where that can be:
/// what awaits it then asks on without a change of threads, and never runs inside the turn.</remarks>
internal sealed class FutureActorRef<T>(ActorSystem system) : InternalActorRef, IThreadPoolWorkItem
{
    private readonly TaskCompletionSource<T> _answer = new();
    private ITimer? _timer;
    private CancellationTokenRegistration _registration;
    private ActorPath? _path;
    private TimeSpan _timeout;
    private T _result = default!;
    private Exception? _failure;
    private CancellationToken _cancelled;
    private int _settled;

    /// <summary>Made when somebody asks, as most answers come without.</summary>
    public override ActorPath Path =>
        Volatile.Read(ref _path) ?? Interlocked.CompareExchange(
            ref _path, new ChildActorPath(new RootActorPath(system.Address) / "temp", "$ask", system.NextUid()), null) ?? _path;

    public override ActorSystem System => system;

    public override bool IsTerminated => Volatile.Read(ref _settled) != 0;

    public Task<T> Begin(TimeSpan? timeout, CancellationToken cancellationToken)
    {
        if (timeout is { } limit && limit != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(limit, TimeSpan.Zero, nameof(timeout));
            _timeout = limit;
            _timer = system.TimeProvider.CreateTimer(static state => ((FutureActorRef<T>)state!).TimedOut(), this, limit,
                Timeout.InfiniteTimeSpan);
        }

        if (cancellationToken.CanBeCanceled)
        {
            _registration = cancellationToken.UnsafeRegister(static (state, token) => ((FutureActorRef<T>)state!).Cancel(token), this);
        }

        return _answer.Task;
    }

    // hot
    public override void Tell(object message, IActorRef? sender)
    {
        Require(message);
        if (Interlocked.Exchange(ref _settled, 1) != 0)
        {
            if (!_cancelled.IsCancellationRequested || message is ILease) system.DeadLetterOffice.Deliver(message, sender, this);
            return;
        }

        if (message is T answer and not ILease) _result = answer;
        else SettleWith(message);
        WorkerPool.Shared.Schedule(this);
    }

    public override void SendSystem(SystemMessage message)
    {
        if (message is not Watch watch) return;
        _answer.Task.ContinueWith(
            (_, state) => ((Watch)state!).Watcher.SendSystem(new DeathWatchNotification(this, existenceConfirmed: true)),
            watch, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Ends the task with what was settled.</summary>
    public void Execute()
    {
        _timer?.Dispose();
        _registration.Unregister();
        if (_failure is not null) _answer.SetException(_failure);
        else if (_cancelled.IsCancellationRequested) _answer.SetCanceled(_cancelled);
        else _answer.SetResult(_result);
    }

    private void SettleWith(object message)
    {
        switch (message)
        {
            // What awaits the task is no handler whose end the kernel could see.
            case ILease:
                system.DeadLetterOffice.ReleaseLease(message);
                _failure = new ArgumentException("a lease cannot be an answer");
                break;
            case Status.Failure failure:
                _failure = failure.Cause ?? new TaskCanceledException("the receiver answered with a failure");
                break;
            default:
                _failure = new ArgumentException($"received a [{message.GetType()}], asked for a [{typeof(T)}]");
                break;
        }
    }

    private void TimedOut()
    {
        if (Interlocked.Exchange(ref _settled, 1) != 0) return;
        _failure = new AskTimeoutException($"no answer within {_timeout}");
        WorkerPool.Shared.Schedule(this);
    }

    private void Cancel(CancellationToken token)
    {
        if (Interlocked.Exchange(ref _settled, 1) != 0) return;
        _cancelled = token;
        WorkerPool.Shared.Schedule(this);
    }
}
