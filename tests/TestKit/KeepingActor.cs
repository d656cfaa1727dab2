namespace Picket.Actors.TestKit;

/// <summary>The actor behind a kit or a probe: keeps what it is told, does what <see cref="TestActor"/> lists.</summary>
internal sealed class KeepingActor(Inbox inbox) : UntypedActor
{
    private Func<object, bool>? _ignore;
    private AutoPilot _pilot = NoAutoPilot.Instance;

    protected override SupervisorStrategy SupervisorStrategy() => Actors.SupervisorStrategy.StoppingStrategy;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Mark mark:
                mark.Passed.SetResult();
                break;
            case TestActor.SetIgnore set:
                _ignore = set.Ignore;
                break;
            case TestActor.Watch watch:
                Context.Watch(watch.Actor);
                break;
            case TestActor.WatchWith watch:
                Context.WatchWith(watch.Actor, watch.Message);
                break;
            case TestActor.Unwatch unwatch:
                Context.Unwatch(unwatch.Actor);
                break;
            case TestActor.SetAutoPilot set:
                _pilot = set.AutoPilot;
                break;
            case TestActor.Spawn { Strategy: null } spawn:
                Sender.Tell(Context.ActorOf(spawn.Props, spawn.Name), Self);
                break;
            case TestActor.Spawn spawn:
                Context.ActorOf(Props.CreateFrom(() => new Nurse(spawn.Props, spawn.Name, spawn.Strategy!))).Forward(new Nurse.GetChild());
                break;
            default:
                Keep(message);
                break;
        }
    }

    private void Keep(object message)
    {
        var next = _pilot.Run(Sender, message);
        if (next is not KeepRunning) _pilot = next;
        if (_ignore is null || !_ignore(message)) inbox.Add(new MessageEnvelope(message, Sender));
    }
}
