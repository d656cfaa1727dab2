using Picket.Actors.Dispatch.SysMsg;

namespace Picket.Actors.Refs;

/// <summary>What the kernel asks of every ref of its own.</summary>
internal abstract class InternalActorRef : ActorRefBase
{
    public abstract ActorSystem? System { get; }

    public virtual InternalActorRef Parent => Nobody.Instance;

    public virtual bool IsTerminated => false;

    /// <summary>The kernel's ref behind one that is given to it; null for a stranger's.</summary>
    public static InternalActorRef? Known(object? actor) =>
        actor as InternalActorRef ?? (actor is IStandInActorRef standIn ? Known(standIn.Ref) : null);

    /// <summary>The kernel's ref behind one that is given to it.</summary>
    /// <exception cref="ArgumentException">It is no actor system's: nobody would ever say that it has ended.</exception>
    public static InternalActorRef Behind(IActorRef actor)
    {
        ArgumentNullException.ThrowIfNull(actor);
        return Known(actor) ?? throw new ArgumentException($"{actor} is a ref of no actor system: it can be told, not watched or stopped", nameof(actor));
    }

    /// <summary>A ref without a life of its own answers a watch at once.</summary>
    public virtual void SendSystem(SystemMessage message)
    {
        if (message is Watch watch) watch.Watcher.SendSystem(new DeathWatchNotification(watch.Watchee, existenceConfirmed: false));
    }

    public virtual void Stop()
    {
    }

    /// <summary>The child of that name, or null.</summary>
    public virtual InternalActorRef? GetChild(string name) => null;

    public virtual IReadOnlyList<InternalActorRef> GetChildren() => [];

    protected static void Require(object message)
    {
        if (message is null) throw new InvalidMessageException("a message cannot be null");
    }
}
