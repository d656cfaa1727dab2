namespace Picket.Actors.Refs;

/// <summary>A place where no actor lives: dead letters with a path.</summary>
internal sealed class EmptyLocalActorRef(ActorSystem system, ActorPath path) : InternalActorRef
{
    public override ActorPath Path => path;

    public override ActorSystem System => system;

    public override bool IsTerminated => true;

    public override void Tell(object message, IActorRef? sender)
    {
        Require(message);
        system.DeadLetterOffice.Deliver(message, sender, this);
    }
}
