using Picket.Actors;

namespace Picket.Spec.Kernel;

/// <summary>An actor whose hooks tell a probe, and that does what it is told: a function runs in it, an exception is thrown.</summary>
internal class Scripted(IActorRef to, SupervisorStrategy? strategy = null) : UntypedActor
{
    public sealed record Do(Action<Scripted, IActorContext> Action);

    /// <summary>Makes a child that reports to the same probe.</summary>
    public sealed record Spawn(string Name, SupervisorStrategy? Strategy = null);

    /// <summary>What is told of a Terminated: told as itself it would be taken for a stray one.</summary>
    public sealed record Gone(IActorRef Who);

    public IActorRef To => to;

    public new IActorRef Self => base.Self;

    public new IActorRef Sender => base.Sender;

    public int State { get; set; }

    public static Do Run(Action<Scripted, IActorContext> action) => new(action);

    protected override void PreStart() => Say("PreStart");

    protected override void PostStop() => Say("PostStop");

    protected override void PreRestart(Exception reason, object? message)
    {
        Say($"PreRestart({reason.Message},{message?.GetType().Name})");
        base.PreRestart(reason, message);
    }

    protected override void PostRestart(Exception reason)
    {
        Say($"PostRestart({reason.Message})");
        base.PostRestart(reason);
    }

    protected override SupervisorStrategy SupervisorStrategy() => strategy ?? base.SupervisorStrategy();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Do script:
                script.Action(this, Context);
                break;
            case Exception e:
                throw e;
            case Spawn spawn:
                Sender.Tell(Context.ActorOf(Props.CreateFrom(() => new Scripted(to, spawn.Strategy)), spawn.Name), Self);
                break;
            case Terminated terminated:
                to.Tell(new Gone(terminated.ActorRef), Self);
                break;
            default:
                State++;
                to.Tell(message, Self);
                break;
        }
    }

    protected void Say(string what) => to.Tell($"{Self.Path.Name}:{what}", Self);
}
