namespace Picket.Actors;

/// <summary>Sends what comes of a task as a message.</summary>
public static class PipeToSupport
{
    /// <summary>Tells the result, or <see cref="Status.Failure"/>; either through a function where given.</summary>
    public static async Task PipeTo<T>(
        this Task<T> taskToPipe, ICanTell recipient, IActorRef? sender = null, Func<T, object>? success = null,
        Func<Exception, object>? failure = null)
    {
        object message;
        try
        {
            var result = await taskToPipe.ConfigureAwait(false);
            message = success is null ? result! : success(result);
        }
        catch (Exception e)
        {
            message = failure is null ? new Status.Failure(e) : failure(e);
        }

        recipient.Tell(message, sender);
    }

    /// <summary>Tells what <paramref name="success"/> gives (nothing without it), or <see cref="Status.Failure"/>.</summary>
    public static async Task PipeTo(
        this Task taskToPipe, ICanTell recipient, IActorRef? sender = null, Func<object>? success = null,
        Func<Exception, object>? failure = null)
    {
        object message;
        try
        {
            await taskToPipe.ConfigureAwait(false);
            if (success is null) return;
            message = success();
        }
        catch (Exception e)
        {
            message = failure is null ? new Status.Failure(e) : failure(e);
        }

        recipient.Tell(message, sender);
    }
}
