using Picket.Actors;
using Picket.Actors.Persistence;

namespace Picket.Spec.Durability;

/// <summary>Persists each text that it is told, answers how many it has, and tells its watcher of its beginning and of what failed.</summary>
internal sealed class NotebookActor : ReceivePersistentActor
{
    private readonly IActorRef _watcher;
    private int _count;

    public NotebookActor(string id, IActorRef watcher)
    {
        PersistenceId = id;
        _watcher = watcher;
        Recover<string>(_ => _count++);
        Recover<RecoveryCompleted>(_ => watcher.Tell(new Opened(id, _count)));
        Command<string>(text =>
        {
            var sender = Sender;
            Persist(text, _ => sender.Tell(++_count));
        });
        Command<HowMany>(_ => Sender.Tell(_count));
    }

    public override string PersistenceId { get; }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        base.OnPersistFailure(cause, @event, sequenceNr);
        _watcher.Tell(new Failed(PersistenceId, cause));
    }

    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
        base.OnRecoveryFailure(reason, message);
        _watcher.Tell(new Failed(PersistenceId, reason));
    }

    /// <summary>Recovered, with so many.</summary>
    internal sealed record Opened(string Id, int Count);

    /// <summary>A write or the recovery failed; the actor stops.</summary>
    internal sealed record Failed(string Id, Exception Cause);

    /// <summary>Asks for the count, which needs no store.</summary>
    internal sealed record HowMany;
}
