using static Picket.Actors.Dispatch.SysMsg.SystemMessage;

namespace Picket.Actors.Cells;

/// <summary>
/// Asynchronous handlers. While a handler's task runs, user messages wait, and so do the system messages that would end or
/// replace the instance: nothing of an actor runs after PostStop, and no lease goes back while it is in use. Watches,
/// failures and ends of children are handled meanwhile.
/// </summary>
internal sealed partial class ActorCell
{
    private AsyncTurn? _async;

    public void RunAsync<T>(Func<T, Task> handler, T message)
    {
        var turn = _async ??= new AsyncTurn(_self);
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(turn);
        Task task;
        try
        {
            task = handler(message);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }

        if (!task.IsCompletedSuccessfully) turn.Add(task);
    }

    private void AwaitPending()
    {
        var turn = _async!;
        if (turn.Pending!.IsCompleted)
        {
            Ended(turn);
            return;
        }

        turn.Awaiting = true;
        turn.TellWhenDone();
    }

    private void OnAsyncDone(AsyncDone done)
    {
        var turn = _async!;

        // A continuation may have started more: then that is pending now.
        if (!ReferenceEquals(turn.Pending, done.Task) && !turn.Pending!.IsCompleted)
        {
            turn.TellWhenDone();
            return;
        }

        turn.Awaiting = false;
        Ended(turn);
    }

    private void Ended(AsyncTurn turn)
    {
        var task = turn.Pending!;
        turn.Pending = null;
        if (task.IsCompletedSuccessfully) Complete();
        else HandlerFailed(task.Exception?.InnerException ?? new TaskCanceledException(task));
    }

    private void OnContinuation(Continuation continuation)
    {
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(_async);
        try
        {
            continuation.Run();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }
}
