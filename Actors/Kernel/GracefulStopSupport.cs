using Picket.Actors.Refs;

namespace Picket.Actors;

/// <summary>Stopping an actor and waiting for its end, from outside of actors.</summary>
public static class GracefulStopSupport
{
    /// <summary>Tells <see cref="PoisonPill"/> and waits for the end.</summary>
    /// <exception cref="TaskCanceledException">It did not end in time.</exception>
    public static Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout) => target.GracefulStop(timeout, PoisonPill.Instance);

    /// <summary>Tells a message that makes the actor stop and waits for the end.</summary>
    /// <exception cref="TaskCanceledException">It did not end in time.</exception>
    public static async Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout, object stopMessage)
    {
        var watch = WatchRef.Of(target);
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
}
