using Picket.Actors;
using Picket.Actors.Persistence;

namespace Picket.Spec.Persistence;

/// <summary>A persistent actor that runs what it is told, keeps its applied events as state, and tells a probe of its hooks.</summary>
internal sealed class ScriptedPersistent(string id, IActorRef to) : UntypedPersistentActor
{
    public sealed record Do(Action<ScriptedPersistent> Action);

    public override string PersistenceId => id;

    public override Recovery Recovery => RecoverBy;

    public override IStashOverflowStrategy InternalStashOverflowStrategy => Overflow ?? base.InternalStashOverflowStrategy;

    public Recovery RecoverBy { get; set; } = Recovery.Default;

    public IStashOverflowStrategy? Overflow { get; set; }

    /// <summary>Whether replayed messages are told to the probe.</summary>
    public bool Tells { get; set; } = true;

    public Action<ScriptedPersistent, object>? OnReplayed { get; set; }

    public List<object> State { get; private set; } = [];

    public new IActorRef Self => base.Self;

    public new IActorRef Sender => base.Sender;

    public IActorRef To => to;

    public static Do Run(Action<ScriptedPersistent> action) => new(action);

    /// <summary>A command that persists an event, applies it and tells it.</summary>
    public static Do Keep(object e) => new(actor => actor.Persist(e, actor.Applied));

    /// <summary>As <see cref="Keep"/> without making commands wait.</summary>
    public static Do KeepAsync(object e) => new(actor => actor.PersistAsync(e, actor.Applied));

    public void Applied(object e)
    {
        State.Add(e);
        to.Tell(e, Self);
    }

    public void Say(string what) => to.Tell(what, Self);

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case Do script:
                script.Action(this);
                break;
            case Exception e:
                throw e;
            case "state":
                to.Tell(State.ToArray(), Self);
                break;
            default:
                to.Tell(message, Self);
                break;
        }
    }

    protected override void OnRecover(object message)
    {
        OnReplayed?.Invoke(this, message);
        switch (message)
        {
            case SnapshotOffer { Snapshot: object[] state } offer:
                State = [.. state];
                if (Tells) Say($"offered {offer.Metadata.SequenceNr}");
                break;
            case RecoveryCompleted:
                if (Tells) Say("recovered");
                break;
            default:
                State.Add(message);
                if (Tells) Say($"replayed {message}");
                break;
        }
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => Say($"failed {@event} {sequenceNr}");

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) => Say($"rejected {@event} {sequenceNr}");

    protected override void OnRecoveryFailure(Exception reason, object? message = null) => to.Tell(new RecoveryTrouble(reason, message), Self);

    protected override void PostStop() => Say("stopped");

    protected override void PreRestart(Exception reason, object? message) => Say($"restarts for {message ?? "nothing"}");

    internal sealed record RecoveryTrouble(Exception Reason, object? Event);
}
