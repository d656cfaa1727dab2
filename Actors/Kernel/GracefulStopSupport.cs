using Picket.Actors.Refs;

namespace Picket.Actors;

/// <summary>Waiting for the end of an actor from outside of actors.</summary>
public static class GracefulStopSupport
{
    /// <summary>Tells <see cref="PoisonPill"/> and waits for the end.</summary>
    /// <exception cref="TaskCanceledException">It did not end in time.</exception>
    public static Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout) => target.GracefulStop(timeout, PoisonPill.Instance);

    /// <summary>Tells a message that makes the actor stop and waits for the end.</summary>
    /// <exception cref="TaskCanceledException">It did not end in time.</exception>
    public static async Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout, object stopMessage)
    {
        var watch = Watch(target);
        target.Tell(stopMessage, ActorRefs.NoSender);
        try
        {
            return await watch.Ended(timeout, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new TaskCanceledException($"{target} did not stop within {timeout}");
        }
    }

    /// <summary>Waits for the end of an actor that something else stops.</summary>
    /// <returns>True when it has ended, false when the token came first.</returns>
    public static async Task<bool> WatchAsync(this IActorRef target, CancellationToken token = default)
    {
        try
        {
            return await Watch(target).Ended(Timeout.InfiniteTimeSpan, token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static WatchRef Watch(IActorRef target) =>
        target is InternalActorRef { System: { } system } known
            ? new WatchRef(known, system)
            : throw new InvalidOperationException($"{target} cannot be watched");
}
