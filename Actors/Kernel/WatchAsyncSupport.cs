using Picket.Actors.Refs;

namespace Picket.Actors;

/// <summary>Waiting for the end of an actor from outside of actors.</summary>
public static class WatchAsyncSupport
{
    /// <summary>Waits for the end of an actor that something else stops.</summary>
    /// <returns>True when it has ended, false when the token came first.</returns>
    /// <exception cref="InvalidOperationException">The ref belongs to no system.</exception>
    public static async Task<bool> WatchAsync(this IActorRef target, CancellationToken token = default)
    {
        try
        {
            return await WatchRef.Of(target).Ended(Timeout.InfiniteTimeSpan, token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
