namespace Picket.Actors;

/// <summary>
/// Sends what comes of a task as a message: the result or <see cref="Status.Failure"/>, either through a function where given. A
/// task without a result tells nothing without <c>success</c>. <c>useConfigureAwait</c> stays in the caller's context.
/// </summary>
public static class PipeToSupport
{
    /// <summary>Tells the result or the failure.</summary>
    public static Task PipeTo<T>(
        this Task<T> taskToPipe, ICanTell recipient, IActorRef? sender = null, Func<T, object>? success = null,
        Func<Exception, object>? failure = null) => taskToPipe.PipeTo(recipient, false, sender, success, failure);

    /// <summary>Tells the result or the failure.</summary>
    public static Task PipeTo<T>(
        this ValueTask<T> taskToPipe, ICanTell recipient, IActorRef? sender = null, Func<T, object>? success = null,
        Func<Exception, object>? failure = null) => taskToPipe.AsTask().PipeTo(recipient, false, sender, success, failure);

    /// <summary>Tells the result or the failure.</summary>
    public static Task PipeTo<T>(
        this ValueTask<T> taskToPipe, ICanTell recipient, bool useConfigureAwait, IActorRef? sender = null,
        Func<T, object>? success = null, Func<Exception, object>? failure = null) =>
        taskToPipe.AsTask().PipeTo(recipient, useConfigureAwait, sender, success, failure);

    /// <summary>Tells the result or the failure.</summary>
    public static async Task PipeTo<T>(
        this Task<T> taskToPipe, ICanTell recipient, bool useConfigureAwait, IActorRef? sender = null, Func<T, object>? success = null,
        Func<Exception, object>? failure = null)
    {
        try
        {
            var result = await taskToPipe.ConfigureAwait(useConfigureAwait);
            recipient.Tell(success is null ? result! : success(result), sender);
        }
        catch (Exception e)
        {
            // Of the task, or of telling what came of it: a null result cannot be a message.
            recipient.Tell(failure is null ? new Status.Failure(e) : failure(e), sender);
        }
    }

    /// <summary>Tells what <paramref name="success"/> gives or the failure.</summary>
    public static Task PipeTo(
        this Task taskToPipe, ICanTell recipient, IActorRef? sender = null, Func<object>? success = null,
        Func<Exception, object>? failure = null) => taskToPipe.PipeTo(recipient, false, sender, success, failure);

    /// <summary>Tells what <paramref name="success"/> gives or the failure.</summary>
    public static Task PipeTo(
        this ValueTask taskToPipe, ICanTell recipient, IActorRef? sender = null, Func<object>? success = null,
        Func<Exception, object>? failure = null) => taskToPipe.AsTask().PipeTo(recipient, false, sender, success, failure);

    /// <summary>Tells what <paramref name="success"/> gives or the failure.</summary>
    public static Task PipeTo(
        this ValueTask taskToPipe, ICanTell recipient, bool useConfigureAwait, IActorRef? sender = null, Func<object>? success = null,
        Func<Exception, object>? failure = null) => taskToPipe.AsTask().PipeTo(recipient, useConfigureAwait, sender, success, failure);

    /// <summary>Tells what <paramref name="success"/> gives or the failure.</summary>
    public static async Task PipeTo(
        this Task taskToPipe, ICanTell recipient, bool useConfigureAwait, IActorRef? sender = null, Func<object>? success = null,
        Func<Exception, object>? failure = null)
    {
        try
        {
            await taskToPipe.ConfigureAwait(useConfigureAwait);
            if (success is not null) recipient.Tell(success(), sender);
        }
        catch (Exception e)
        {
            recipient.Tell(failure is null ? new Status.Failure(e) : failure(e), sender);
        }
    }
}
