using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.ExceptionServices;

namespace Picket.Actors.Producers;

/// <summary>Finds the constructor by the arguments at each incarnation.</summary>
internal sealed class ConstructorProducer(
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type type, object?[] args) : IIndirectActorProducer
{
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)]
    public Type ActorType => type;

    public ActorBase Produce()
    {
        try
        {
            return (ActorBase)Activator.CreateInstance(type, args)!;
        }
        catch (TargetInvocationException e) when (e.InnerException is not null)
        {
            ExceptionDispatchInfo.Throw(e.InnerException);
            throw;
        }
    }
}
