using Picket.Actors;
using Barrier = Picket.Detection.Events.Barrier;

namespace Picket.Detection.Context.Spill;

/// <summary>How the context stage reaches the actor that works the lanes off.</summary>
public sealed class SpillPost
{
    private IActorRef? _listener;

    /// <summary>/spill; null before it is there.</summary>
    public IActorRef? Listener
    {
        get => Volatile.Read(ref _listener);
        set => Volatile.Write(ref _listener, value);
    }

    /// <summary>Says that a shard's lane has grown.</summary>
    internal void Taken(int shard) => Listener?.Tell(new SpillTaken(shard), ActorRefs.NoSender);

    /// <summary>Hands on a mark of the ledger.</summary>
    internal void Pass(Barrier barrier) => Listener?.Tell(barrier, ActorRefs.NoSender);
}
