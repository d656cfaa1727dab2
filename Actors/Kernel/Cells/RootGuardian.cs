namespace Picket.Actors.Cells;

/// <summary>The root: when /user ends, for whatever reason, /system ends, then the root.</summary>
internal sealed class RootGuardian(IActorRef user, IActorRef system) : ActorBase
{
    private static readonly OneForOneStrategy StopAll = new(static _ => Directive.Stop);

    protected override void PreStart()
    {
        Context.Watch(user);
        Context.Watch(system);
    }

    protected override bool Receive(object message)
    {
        if (message is not Terminated { ActorRef: var ended }) return false;
        if (ended.Equals(user)) Context.Stop(system);
        else Context.Stop(Self);
        return true;
    }

    protected override SupervisorStrategy SupervisorStrategy() => StopAll;
}
