using Picket.Actors.Event;
using Picket.Actors.Persistence.Journal;
using Picket.Actors.Persistence.Recovering;
using Picket.Actors.Persistence.Snapshot;
using Picket.Actors.Persistence.Writing;

namespace Picket.Actors.Persistence;

/// <summary>The persistence of one actor system: its stores and what stands between them and the actors.</summary>
public sealed class PersistenceExtension
{
    private readonly StoreCircuit _writes;
    private readonly StoreCircuit _reads;
    private readonly WritePump _pump;
    private readonly WorkUnderWay _work = new();
    private readonly IActorRef _journalActor;
    private readonly ISnapshotStore _snapshotStore;
    private readonly ILoggingAdapter _log;

    internal PersistenceExtension(ActorSystem system, PersistenceOptions options)
    {
        System = system;
        Options = options;
        Journal = options.Journal ?? new MemoryJournal();
        _snapshotStore = options.SnapshotStore ?? new MemorySnapshotStore();
        _log = Logging.GetLogger(system, "persistence");

        // Apart: a full disk can still be read, and what can be read says nothing about it.
        _writes = new StoreCircuit(options.CircuitBreaker, system.TimeProvider);
        _reads = new StoreCircuit(options.CircuitBreaker, system.TimeProvider);
        _pump = new WritePump(Journal, options, _writes, system.TimeProvider);
        Snapshots = new SnapshotGate(_snapshotStore, new StoreCircuit(options.SnapshotCircuitBreaker, system.TimeProvider), _work);
        Permits = new RecoveryPermits(options.MaxConcurrentRecoveries);
        _journalActor = system.SystemGuardian.Cell.ActorOf(Props.CreateFrom(() => new JournalActor(_pump)), "journal");
        system.RegisterOnTermination(Close);
    }

    /// <summary>What it was made with.</summary>
    public PersistenceOptions Options { get; }

    internal ActorSystem System { get; }

    internal IEventJournal Journal { get; }

    internal SnapshotGate Snapshots { get; }

    internal RecoveryPermits Permits { get; }

    internal DateTime Now => System.TimeProvider.GetUtcNow().UtcDateTime;

    internal void Write(WriteRequest request)
    {
        if (_pump.Intake.Add(request)) _journalActor.Tell(WritesWaiting.Instance, ActorRefs.NoSender);
    }

    internal void Replay(Replay replay) => _journalActor.Tell(
        new QuietRequest(replay.PersistenceId, () => _work.Add(Task.Run(() => replay.RunAsync(this)))), ActorRefs.NoSender);

    internal void DeleteMessages(IActorRef actor, string persistenceId, long last, long asked) => _journalActor.Tell(
        new QuietRequest(persistenceId, () => _work.Add(Task.Run(() => DeleteAsync(actor, persistenceId, last, asked)))),
        ActorRefs.NoSender);

    internal Task<long> ReadHighestAsync(string persistenceId) =>
        _reads.RunAsync(cancellation => Journal.ReadHighestSequenceNrAsync(persistenceId, cancellation));

    internal void Warn(string message) => _log.Warning("{0}", message);

    private async Task DeleteAsync(IActorRef actor, string persistenceId, long last, long asked)
    {
        try
        {
            await _writes.RunAsync(async cancellation =>
            {
                await Journal.DeleteToAsync(persistenceId, last, cancellation).ConfigureAwait(false);
                return true;
            }).ConfigureAwait(false);
            actor.Owe(new DeleteMessagesSuccess(asked));
        }
        catch (Exception e)
        {
            // Whatever a store throws, the actor hears of it.
            actor.Owe(new DeleteMessagesFailure(e, asked));
        }
    }

    /// <summary>The system's end waits here, on one thread of the pool, for what was accepted; then nobody uses the stores any more.
    /// </summary>
    private void Close()
    {
        var closing = Task.Run(CloseAsync);
        if (!closing.Wait(Options.FlushTimeout))
            _log.Error("what was accepted could not be stored within {0} s of the end", Options.FlushTimeout.TotalSeconds);
    }

    private async Task CloseAsync()
    {
        await _pump.Drained.ConfigureAwait(false);
        await _work.EndAsync().ConfigureAwait(false);
        if (!Options.OwnsStores) return;
        await DisposeAsync(Journal).ConfigureAwait(false);
        if (!ReferenceEquals(Journal, _snapshotStore)) await DisposeAsync(_snapshotStore).ConfigureAwait(false);
    }

    private async Task DisposeAsync(IAsyncDisposable store)
    {
        try
        {
            await store.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // The other store is disposed of all the same.
            _log.Error(e, "{0} could not be closed", store.GetType().Name);
        }
    }
}
