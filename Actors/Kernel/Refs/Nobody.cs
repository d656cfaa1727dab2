namespace Picket.Actors.Refs;

/// <summary>No actor. What it is told is gone; a lease is given back.</summary>
internal sealed class Nobody : InternalActorRef
{
    private Nobody() { }

    public static Nobody Instance { get; } = new();

    public override ActorPath Path { get; } = new RootActorPath(new Address("akka", "all-systems")) / "Nobody";

    public override ActorSystem? System => null;

    public override void Tell(object message, IActorRef? sender) => (message as ILease)?.Release();
}
