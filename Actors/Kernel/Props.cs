using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using Picket.Actors.Dispatch;
using Picket.Actors.Producers;

namespace Picket.Actors;

/// <summary>An immutable recipe for an actor: how its instances are made, and its mailbox, dispatcher and supervision.</summary>
public sealed record Props
{
    private Props(IIndirectActorProducer producer) => Producer = producer;

    /// <summary>An actor that handles nothing.</summary>
    public static Props Empty { get; } = CreateFrom(static () => new EmptyActor());

    /// <summary>The type of the actor as far as the recipe knows it.</summary>
    public Type Type => Producer.ActorType;

    /// <summary>The mailbox registered under this name with the system, or null for the default.</summary>
    public string? Mailbox { get; private init; }

    /// <summary>The mailbox, where it was given as a value.</summary>
    public MailboxType? MailboxType { get; private init; }

    /// <summary>Name of the dispatcher, or null for the default (the thread pool).</summary>
    public string? Dispatcher { get; private init; }

    /// <summary>Messages that a bounded stash holds; null for the stash's default.</summary>
    public int? StashCapacity { get; private init; }

    /// <summary>Takes the place of what the actor's own SupervisorStrategy() returns.</summary>
    public SupervisorStrategy? SupervisorStrategy { get; private init; }

    internal IIndirectActorProducer Producer { get; }

    /// <summary>From an expression <c>() => new T(..)</c>; the arguments are evaluated once, here.</summary>
    /// <exception cref="ArgumentException">The expression is anything but a constructor call.</exception>
    public static Props Create<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(
        Expression<Func<T>> factory, SupervisorStrategy? supervisorStrategy = null) where T : ActorBase =>
        new(ExpressionProducer.From(factory, typeof(T))) { SupervisorStrategy = supervisorStrategy };

    /// <summary>From a type and the arguments of one of its public constructors.</summary>
    public static Props Create<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(
        params object?[] args) where T : ActorBase => Create(typeof(T), args);

    /// <summary>From a type with a constructor without parameters.</summary>
    public static Props Create<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(
        SupervisorStrategy supervisorStrategy) where T : ActorBase, new() =>
        new(new FactoryProducer<T>(static () => new T())) { SupervisorStrategy = supervisorStrategy };

    /// <summary>From a type and the arguments of one of its public constructors.</summary>
    /// <exception cref="ArgumentException">The type is no actor or cannot be made.</exception>
    public static Props Create(
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type type, params object?[] args)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (!type.IsAssignableTo(typeof(ActorBase)) || type.IsAbstract)
            throw new ArgumentException($"{type} is no actor that can be made", nameof(type));
        return new(new ConstructorProducer(type, args));
    }

    /// <summary>From a factory: the form without reflection, called once for each incarnation in the actor's own turn.</summary>
    public static Props CreateFrom<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(
        Func<T> factory) where T : ActorBase => new(new FactoryProducer<T>(factory));

    /// <summary>From a producer of one's own.</summary>
    public static Props CreateBy(IIndirectActorProducer producer) => new(producer);

    /// <summary>With the mailbox registered under <paramref name="mailbox"/>.</summary>
    public Props WithMailbox(string mailbox) => this with { Mailbox = mailbox, MailboxType = null };

    /// <summary>With this mailbox.</summary>
    public Props WithMailbox(MailboxType mailbox) => this with { Mailbox = null, MailboxType = mailbox };

    /// <summary>With the dispatcher of that name; "pinned" gives the actor a thread of its own.</summary>
    public Props WithDispatcher(string dispatcher) => this with { Dispatcher = dispatcher };

    /// <summary>With a stash of at most so many messages.</summary>
    public Props WithStashCapacity(int stashCapacity) => this with { StashCapacity = stashCapacity };

    /// <summary>With this supervision of its children in place of the actor's own.</summary>
    public Props WithSupervisorStrategy(SupervisorStrategy supervisorStrategy) => this with { SupervisorStrategy = supervisorStrategy };

    private sealed class EmptyActor : ActorBase
    {
        protected override bool Receive(object message) => false;
    }
}
