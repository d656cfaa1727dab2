using System.Diagnostics.CodeAnalysis;

namespace Picket.Actors;

/// <summary>Short forms of ActorOf.</summary>
public static class ActorRefFactoryExtensions
{
    /// <summary>Makes a child of type <typeparamref name="T"/> by its constructor without parameters.</summary>
    public static IActorRef ActorOf<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(
        this IActorRefFactory factory, string? name = null) where T : ActorBase, new() =>
        factory.ActorOf(Props.CreateFrom(static () => new T()), name);
}
