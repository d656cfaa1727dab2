namespace Picket.Actors.Refs;

/// <summary>Takes all and does nothing with it: a sender for questions whose answers nobody wants.</summary>
internal sealed class IgnoreActorRef(ActorSystem system) : InternalActorRef
{
    public override ActorPath Path { get; } = new RootActorPath(new Address("akka", "local")) / "ignore";

    public override ActorSystem System => system;

    public override void Tell(object message, IActorRef? sender)
    {
        Require(message);
        (message as ILease)?.Release();
    }
}
