using Picket.Actors.Persistence.Recovering;
using Picket.Actors.Persistence.Writing;

namespace Picket.Actors.Persistence.Snapshot;

/// <summary>Asks the snapshot store on behalf of actors and tells them what came of it.</summary>
internal sealed class SnapshotGate(ISnapshotStore store, StoreCircuit circuit, WorkUnderWay work)
{
    /// <summary>Loads for a recovery.</summary>
    public void Load(IActorRef actor, RecoveryRun run, string persistenceId, SnapshotSelectionCriteria criteria) =>
        work.Add(TellAsync<SelectedSnapshot?>(
            actor,
            cancellation => store.LoadAsync(persistenceId, criteria, cancellation),
            found => new SnapshotLoaded(run, found),
            cause => new RecoveryFailed(run, cause)));

    /// <summary>Saves.</summary>
    public void Save(IActorRef actor, SnapshotMetadata metadata, object snapshot) =>
        work.Add(TellAsync(
            actor,
            cancellation => DoneAsync(store.SaveAsync(metadata, snapshot, cancellation)),
            _ => new SaveSnapshotSuccess(metadata),
            cause => new SaveSnapshotFailure(metadata, cause)));

    /// <summary>Deletes one.</summary>
    public void Delete(IActorRef actor, SnapshotMetadata metadata) =>
        work.Add(TellAsync(
            actor,
            cancellation => DoneAsync(store.DeleteAsync(metadata, cancellation)),
            _ => new DeleteSnapshotSuccess(metadata),
            cause => new DeleteSnapshotFailure(metadata, cause)));

    /// <summary>Deletes those that are meant.</summary>
    public void Delete(IActorRef actor, string persistenceId, SnapshotSelectionCriteria criteria) =>
        work.Add(TellAsync(
            actor,
            cancellation => DoneAsync(store.DeleteAsync(persistenceId, criteria, cancellation)),
            _ => new DeleteSnapshotsSuccess(criteria),
            cause => new DeleteSnapshotsFailure(criteria, cause)));

    private static async Task<Done> DoneAsync(Task call)
    {
        await call.ConfigureAwait(false);
        return Done.Instance;
    }

    private async Task TellAsync<T>(
        IActorRef actor, Func<CancellationToken, Task<T>> call, Func<T, object> success, Func<Exception, object> failure)
    {
        object answer;
        try
        {
            // Off the actor's turn: a store may work before its first await.
            answer = success(await Task.Run(() => circuit.RunAsync(call)).ConfigureAwait(false));
        }
        catch (Exception e)
        {
            // Whatever a store throws, the actor hears of it.
            answer = failure(e);
        }

        actor.Owe(answer);
    }
}
