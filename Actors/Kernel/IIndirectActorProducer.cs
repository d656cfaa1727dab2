using System.Diagnostics.CodeAnalysis;

namespace Picket.Actors;

/// <summary>Makes the instances of an actor, one for each incarnation.</summary>
public interface IIndirectActorProducer
{
    /// <summary>A new instance; the kernel has set the context of the calling thread.</summary>
    ActorBase Produce();

    /// <summary>The type of what is produced, or a base of it.</summary>
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)]
    Type ActorType { get; }

    /// <summary>Told when an instance has been stopped or replaced; does nothing unless overridden.</summary>
    void Release(ActorBase actor) { }
}
