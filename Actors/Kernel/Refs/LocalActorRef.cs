using Picket.Actors.Cells;
using Picket.Actors.Dispatch;
using Picket.Actors.Dispatch.SysMsg;

namespace Picket.Actors.Refs;

/// <summary>The ref of an actor of this process.</summary>
internal sealed class LocalActorRef : InternalActorRef
{
    public LocalActorRef(ActorSystem system, Props props, InternalActorRef parent, ActorPath path)
    {
        Path = path;

        // The cell last: a mailbox that lay behind it would share a line of the cache with what the actor writes at each message.
        Mailbox = new Mailbox(system.Mailboxes.CreateQueue(props), system.Dispatchers.Lookup(props.Dispatcher, path))
        {
            Cell = new ActorCell(system, props, this, parent),
        };
    }

    public override ActorPath Path { get; }

    public ActorCell Cell => Mailbox.Cell;

    public Mailbox Mailbox { get; }

    /// <summary>Told to stop and still among its parent's children. Guarded by the lock of those.</summary>
    public bool Dying { get; set; }

    public RestartStats RestartStats => Cell.RestartStats ??= new RestartStats();

    public override ActorSystem System => Cell.System;

    public override InternalActorRef Parent => Cell.ParentRef;

    public override bool IsTerminated => Cell.IsTerminated;

    // hot
    public override void Tell(object message, IActorRef? sender)
    {
        Require(message);
        if (!Mailbox.Post(message, sender)) System.DeadLetterOffice.Deliver(message, sender, this);
    }

    public override void SendSystem(SystemMessage message)
    {
        if (!Mailbox.PostSystem(message)) Answer(message);
    }

    /// <summary>What a message of the kernel comes to when its receiver has ended.</summary>
    public static void Answer(SystemMessage message)
    {
        switch (message)
        {
            case Watch watch:
                watch.Watcher.SendSystem(new DeathWatchNotification(watch.Watchee, existenceConfirmed: true));
                break;

            // A task that its handler did not wait for: it may still end, outside of the actor.
            case Continuation continuation:
                ThreadPool.UnsafeQueueUserWorkItem(static c => c.Run(), continuation, preferLocal: false);
                break;
        }
    }

    public void Start() => SendSystem(new CreateCell());

    public override void Stop() => SendSystem(new Terminate());

    public void Suspend() => SendSystem(new Suspend());

    public void Resume(Exception? causedByFailure) => SendSystem(new Resume(causedByFailure));

    public void Restart(Exception cause) => SendSystem(new Recreate(cause));

    public override InternalActorRef? GetChild(string name) => Cell.FindChild(name);

    public override IReadOnlyList<InternalActorRef> GetChildren() => Cell.ChildRefs();
}
