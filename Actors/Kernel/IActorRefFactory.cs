namespace Picket.Actors;

/// <summary>Something that has children: an actor's context, or the system itself.</summary>
public interface IActorRefFactory
{
    /// <summary>Makes a child. The constructor runs later, in the child's own turn.</summary>
    /// <param name="props">What to make.</param>
    /// <param name="name">Unique among the siblings; null for a generated one.</param>
    /// <exception cref="InvalidActorNameException">The name is taken or not allowed.</exception>
    /// <exception cref="InvalidOperationException">The parent is stopping.</exception>
    IActorRef ActorOf(Props props, string? name = null);

    /// <summary>A selection by absolute, relative or full path; names may hold * and ?.</summary>
    ActorSelection ActorSelection(string actorPath);

    /// <summary>A selection of one place, whatever its incarnation.</summary>
    ActorSelection ActorSelection(ActorPath actorPath);
}
