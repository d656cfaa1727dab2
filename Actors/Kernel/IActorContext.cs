namespace Picket.Actors;

/// <summary>What an actor sees of the kernel. Valid inside its own handlers only; no other thread may use it.</summary>
public interface IActorContext : IActorRefFactory, ICanWatch
{
    /// <summary>The actor's own ref.</summary>
    IActorRef Self { get; }

    /// <summary>Sender of the message being handled; dead letters where it has none.</summary>
    IActorRef Sender { get; }

    /// <summary>The supervisor.</summary>
    IActorRef Parent { get; }

    /// <summary>What this actor was made from.</summary>
    Props Props { get; }

    /// <summary>The system.</summary>
    ActorSystem System { get; }

    /// <summary>The time after which an idle actor gets <see cref="Actors.ReceiveTimeout"/>, or null.</summary>
    TimeSpan? ReceiveTimeout { get; }

    /// <summary>Sets or ends the receive time-out.</summary>
    void SetReceiveTimeout(TimeSpan? timeout);

    /// <summary>Replaces the behaviour on top of the stack.</summary>
    void Become(Receive receive);

    /// <summary>Puts a behaviour on the stack.</summary>
    void BecomeStacked(Receive receive);

    /// <summary>Takes the top behaviour off; the first one stays.</summary>
    void UnbecomeStacked();

    /// <summary>The child of that name, or <see cref="ActorRefs.Nobody"/>.</summary>
    IActorRef Child(string name);

    /// <summary>The children, those that are stopping among them.</summary>
    IEnumerable<IActorRef> GetChildren();

    /// <summary>Stops an actor: a child, oneself or any other. Its name is free once its end has been told.</summary>
    void Stop(IActorRef child);
}
