namespace Picket.Actors.Refs;

/// <summary>A place where no actor lives: dead letters with a path. Base of what only hears of the ends of actors.</summary>
internal class EmptyLocalActorRef(ActorSystem system, ActorPath path) : InternalActorRef
{
    public override ActorPath Path => path;

    public override ActorSystem System => system;

    public override void Tell(object message, IActorRef? sender)
    {
        Require(message);
        system.DeadLetterOffice.Deliver(message, sender, this);
    }
}
