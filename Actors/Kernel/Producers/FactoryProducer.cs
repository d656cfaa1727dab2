using System.Diagnostics.CodeAnalysis;

namespace Picket.Actors.Producers;

/// <summary>Calls a factory.</summary>
internal sealed class FactoryProducer<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(Func<T> factory)
    : IIndirectActorProducer where T : ActorBase
{
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)]
    public Type ActorType => typeof(T);

    public ActorBase Produce() => factory();
}
