using Picket.Actors.Refs;

namespace Picket.Actors.Dispatch.SysMsg;

/// <summary>A message of the kernel to a cell, and all kinds of it. It is its own list node, so an instance is sent once.</summary>
internal abstract class SystemMessage
{
    /// <summary>Head of a lane that takes no more.</summary>
    public static readonly SystemMessage Sealed = new Seal();

    public SystemMessage? Next;

    private sealed class Seal : SystemMessage;

    /// <summary>Make the first instance.</summary>
    public sealed class CreateCell : SystemMessage;

    /// <summary>Replace the instance.</summary>
    public sealed class Recreate(Exception cause) : SystemMessage { public Exception Cause => cause; }

    /// <summary>Handle no user messages until resumed; these nest.</summary>
    public sealed class Suspend : SystemMessage;

    /// <summary>Ends one Suspend; with a cause also the receiver's own failure.</summary>
    public sealed class Resume(Exception? causedByFailure) : SystemMessage { public Exception? CausedByFailure => causedByFailure; }

    /// <summary>End.</summary>
    public sealed class Terminate : SystemMessage;

    /// <summary>A child tells its supervisor that it failed and is suspended.</summary>
    public sealed class ChildFailed(LocalActorRef child, Exception cause) : SystemMessage
    {
        public LocalActorRef Child => child;

        public Exception Cause => cause;
    }

    /// <summary>A child or a watched actor has ended.</summary>
    public sealed class DeathWatchNotification(InternalActorRef actor, bool existenceConfirmed) : SystemMessage
    {
        public InternalActorRef Actor => actor;

        public bool ExistenceConfirmed => existenceConfirmed;
    }

    /// <summary>Tell the watcher when you end.</summary>
    public sealed class Watch(InternalActorRef watchee, InternalActorRef watcher) : SystemMessage
    {
        public InternalActorRef Watchee => watchee;

        public InternalActorRef Watcher => watcher;
    }

    /// <summary>Do not tell the watcher.</summary>
    public sealed class Unwatch(InternalActorRef watcher) : SystemMessage { public InternalActorRef Watcher => watcher; }

    /// <summary>What follows an await of an asynchronous handler.</summary>
    public sealed class Continuation(SendOrPostCallback callback, object? state) : SystemMessage { public void Run() => callback(state); }

    /// <summary>The task of an asynchronous handler has ended.</summary>
    public sealed class AsyncDone(Task task) : SystemMessage { public Task Task => task; }
}
