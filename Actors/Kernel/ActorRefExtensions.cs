using System.Diagnostics.CodeAnalysis;

namespace Picket.Actors;

/// <summary>What stands for no actor.</summary>
public static class ActorRefExtensions
{
    /// <summary>True for null and for <see cref="ActorRefs.Nobody"/>.</summary>
    public static bool IsNobody([NotNullWhen(false)] this IActorRef? actorRef) => actorRef is null or Refs.Nobody;

    /// <summary>The ref, or what <paramref name="elseValue"/> gives when it is nobody.</summary>
    public static IActorRef GetOrElse(this IActorRef? actorRef, Func<IActorRef> elseValue) => actorRef.IsNobody() ? elseValue() : actorRef;
}
