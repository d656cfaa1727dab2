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
            async cancellation =>
            {
                await store.SaveAsync(metadata, snapshot, cancellation).ConfigureAwait(false);
                return metadata;
            },
            static saved => new SaveSnapshotSuccess(saved),
            cause => new SaveSnapshotFailure(metadata, cause)));

    /// <summary>Deletes one.</summary>
    public void Delete(IActorRef actor, SnapshotMetadata metadata) =>
        work.Add(TellAsync(
            actor,
            async cancellation =>
            {
                await store.DeleteAsync(metadata, cancellation).ConfigureAwait(false);
                return metadata;
            },
            static deleted => new DeleteSnapshotSuccess(deleted),
            cause => new DeleteSnapshotFailure(metadata, cause)));

    /// <summary>Deletes those that are meant.</summary>
    public void Delete(IActorRef actor, string persistenceId, SnapshotSelectionCriteria criteria) =>
        work.Add(TellAsync(
            actor,
            async cancellation =>
            {
                await store.DeleteAsync(persistenceId, criteria, cancellation).ConfigureAwait(false);
                return criteria;
            },
            static deleted => new DeleteSnapshotsSuccess(deleted),
            cause => new DeleteSnapshotsFailure(criteria, cause)));

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
