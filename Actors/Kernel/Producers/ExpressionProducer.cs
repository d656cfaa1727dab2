using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using System.Reflection;

namespace Picket.Actors.Producers;

/// <summary>Calls the constructor that an expression named, with the arguments that it had when the recipe was made.</summary>
internal sealed class ExpressionProducer(
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type type, ConstructorInfo constructor, object?[] args)
    : IIndirectActorProducer
{
    private readonly ConstructorInvoker _invoker = ConstructorInvoker.Create(constructor);

    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)]
    public Type ActorType => type;

    public static ExpressionProducer From(
        LambdaExpression factory, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type type)
    {
        if (factory.Body is not NewExpression { Constructor: { } constructor } made)
            throw new ArgumentException("the expression must be a constructor call: () => new T(..)", nameof(factory));

        var args = new object?[made.Arguments.Count];
        for (var i = 0; i < args.Length; i++)
        {
            args[i] = made.Arguments[i] is ConstantExpression constant
                ? constant.Value
                : Expression.Lambda<Func<object?>>(Expression.Convert(made.Arguments[i], typeof(object))).Compile(
                    preferInterpretation: true)();
        }

        return new ExpressionProducer(type, constructor, args);
    }

    public ActorBase Produce() => (ActorBase)_invoker.Invoke(args.AsSpan());
}
