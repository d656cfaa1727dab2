using Picket.Actors.Cells;

namespace Picket.Actors;

/// <summary>Makes stashes for base classes of actors that need one of their own.</summary>
public static class StashFactory
{
    private const int DefaultBound = 100;

    /// <summary>Another stash of the actor whose handler is running. It ends with the incarnation, as the actor's own does.</summary>
    /// <param name="context">The actor's context.</param>
    /// <param name="capacity">Messages that fit, -1 for no bound.</param>
    public static IStash CreateStash(this IActorContext context, int capacity = -1) => ((ActorCell)context).CreateStash(capacity);

    internal static int CapacityOf(ActorBase actor, Props props) => props.StashCapacity ?? (actor is IWithBoundedStash ? DefaultBound : -1);
}
