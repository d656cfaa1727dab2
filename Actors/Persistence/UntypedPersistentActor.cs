using Picket.Actors.Cells;

namespace Picket.Actors.Persistence;

/// <summary>A persistent actor that switches on the type of a message itself.</summary>
public abstract class UntypedPersistentActor : Eventsourced
{
    /// <summary>The context of the handler that runs on this thread.</summary>
    protected static new IUntypedActorContext Context =>
        ActorCell.Current ?? throw new NotSupportedException("there is no actor context here: use it inside a handler");

    /// <inheritdoc/>
    protected sealed override bool ReceiveCommand(object message)
    {
        OnCommand(message);
        return true;
    }

    /// <inheritdoc/>
    protected sealed override bool ReceiveRecover(object message)
    {
        OnRecover(message);
        return true;
    }

    /// <summary>Handles a command; what it does not want it gives to Unhandled.</summary>
    protected abstract void OnCommand(object message);

    /// <summary>Applies a replayed event, a <see cref="SnapshotOffer"/> before them or <see cref="RecoveryCompleted"/> after them.
    /// </summary>
    protected abstract void OnRecover(object message);

    /// <summary>Replaces the behaviour for commands.</summary>
    protected static void Become(UntypedReceive receive) => Context.Become(receive);

    /// <summary>Puts a behaviour for commands on the stack.</summary>
    protected static void BecomeStacked(UntypedReceive receive) => Context.BecomeStacked(receive);
}
