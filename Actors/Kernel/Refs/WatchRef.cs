using Picket.Actors.Dispatch.SysMsg;

namespace Picket.Actors.Refs;

/// <summary>Turns the end of an actor into a task.</summary>
internal sealed class WatchRef : InternalActorRef
{
    private readonly TaskCompletionSource<bool> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly InternalActorRef _target;
    private readonly ActorSystem _system;

    private WatchRef(InternalActorRef target, ActorSystem system)
    {
        _target = target;
        _system = system;
        Path = new ChildActorPath(new RootActorPath(system.Address) / "temp", "$watch", system.NextUid());
        target.SendSystem(new Watch(target, this));
    }

    public static WatchRef Of(IActorRef target) =>
        InternalActorRef.Known(target) is { System: { } system } known
            ? new WatchRef(known, system)
            : throw new InvalidOperationException($"{target} cannot be watched");

    public override ActorPath Path { get; }

    public override ActorSystem System => _system;

    public override void Tell(object message, IActorRef? sender) => _system.DeadLetterOffice.Deliver(message, sender, this);

    public override void SendSystem(SystemMessage message)
    {
        if (message is DeathWatchNotification) _ended.TrySetResult(true);
        else base.SendSystem(message);
    }

    /// <summary>True when the actor has ended; cancelled when that was not in time.</summary>
    public async Task<bool> Ended(TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            return await _ended.Task.WaitAsync(timeout, _system.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _target.SendSystem(new Unwatch(this));
            throw;
        }
    }
}
