using Picket.Actors.Dispatch;
using Picket.Actors.Dispatch.SysMsg;
using static Picket.Actors.Dispatch.SysMsg.SystemMessage;

namespace Picket.Actors.Refs;

/// <summary>Where the answer to one Ask goes. A second or late answer is a dead letter.</summary>
/// <remarks>The first answer settles the outcome; the task ends after the turn that gave it, on the same worker where that can be:
/// what awaits it then asks on without a change of threads, and never runs inside the turn.</remarks>
internal sealed class FutureActorRef<T>(ActorSystem system) : InternalActorRef, IThreadPoolWorkItem
{
    private readonly TaskCompletionSource<T> _answer = new();
    private ActorPath? _path;
    private AskState? _more;
    private T _result = default!;
    private int _settled;

    /// <summary>Made when somebody asks, as most answers come without.</summary>
    public override ActorPath Path =>
        Volatile.Read(ref _path) ?? Interlocked.CompareExchange(
            ref _path, new ChildActorPath(new RootActorPath(system.Address) / "temp", "$ask", system.NextUid()), null) ?? _path;

    public override ActorSystem System => system;

    public Task<T> Begin(TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var limit = timeout ?? system.Options.AskTimeout;
        if (limit > TimeSpan.Zero)
        {
            var more = _more = new AskState { Timeout = limit };
            more.Timer = system.TimeProvider.CreateTimer(static state => ((FutureActorRef<T>)state!).TimedOut(), this, limit,
                Timeout.InfiniteTimeSpan);
        }

        if (cancellationToken.CanBeCanceled)
        {
            var more = _more ??= new AskState();
            more.Registration = cancellationToken.UnsafeRegister(
                static (state, token) => ((FutureActorRef<T>)state!).Cancel(token), this);
        }

        return _answer.Task;
    }

    // hot
    public override void Tell(object message, IActorRef? sender)
    {
        Require(message);
        if (Interlocked.Exchange(ref _settled, 1) != 0)
        {
            var cancelled = _more is { Cancelled.IsCancellationRequested: true };
            if (!cancelled || message is ILease) system.DeadLetterOffice.Deliver(message, sender, this);
            return;
        }

        if (message is T answer and not ILease) _result = answer;
        else Fail(FailureOf(message));
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
        _more?.Timer?.Dispose();
        _more?.Registration.Unregister();
        if (_more?.Failure is { } cause) _answer.SetException(cause);
        else if (_more is { Cancelled: { IsCancellationRequested: true } token }) _answer.SetCanceled(token);
        else _answer.SetResult(_result);
    }

    private Exception FailureOf(object message)
    {
        switch (message)
        {
            // What awaits the task is no handler whose end the kernel could see.
            case ILease:
                system.DeadLetterOffice.ReleaseLease(message);
                return new ArgumentException("a lease cannot be an answer");
            case Status.Failure failure:
                return failure.Cause ?? new TaskCanceledException("the receiver answered with a failure");
            default:
                // The task says what came; what came is a dead letter too.
                system.DeadLetterOffice.Deliver(message, null, this);
                return new ArgumentException($"received a [{message.GetType()}], asked for a [{typeof(T)}]");
        }
    }

    private void Fail(Exception cause) => (_more ??= new AskState()).Failure = cause;

    private void TimedOut()
    {
        if (Interlocked.Exchange(ref _settled, 1) != 0) return;
        Fail(new AskTimeoutException($"no answer within {_more!.Timeout}"));
        WorkerPool.Shared.Schedule(this);
    }

    private void Cancel(CancellationToken token)
    {
        if (Interlocked.Exchange(ref _settled, 1) != 0) return;
        _more!.Cancelled = token;
        WorkerPool.Shared.Schedule(this);
    }
}
