namespace Picket.Actors.TestKit;

/// <summary>Stands between a test actor and one child of it that is supervised in its own way; tells the test actor what the child tells it.</summary>
internal sealed class Nurse(Props child, string? name, SupervisorStrategy strategy) : UntypedActor
{
    protected override void PreStart() => Context.Watch(Context.ActorOf(child, name));

    /// <summary>The child outlives a failure that the strategy escalates, for the stop that the test actor answers it with.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => strategy;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case GetChild:
                Sender.Tell(Context.GetChildren().First(), Self);
                break;
            case Terminated:
                Context.Stop(Self);
                break;
            default:
                Context.Parent.Forward(message);
                break;
        }
    }

    internal sealed record GetChild;
}
