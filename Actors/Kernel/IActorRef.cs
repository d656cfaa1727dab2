namespace Picket.Actors;

/// <summary>The address of an actor: all that another actor may hold of it. Equal when path and incarnation are equal.</summary>
public interface IActorRef : ICanTell, IEquatable<IActorRef>, IComparable<IActorRef>, IComparable
{
    /// <summary>Where the actor lives in the tree, with the uid of its incarnation.</summary>
    ActorPath Path { get; }
}
