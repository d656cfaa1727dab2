using Picket.Actors.Persistence;
using Picket.Actors.Persistence.Snapshot;

namespace Picket.Spec.Persistence;

/// <summary>A snapshot store in memory that can fail and can keep silent.</summary>
internal sealed class DisturbedSnapshotStore : ISnapshotStore
{
    public MemorySnapshotStore Inner { get; } = new();

    /// <summary>What is thrown by each call.</summary>
    public Exception? Failure { get; set; }

    /// <summary>True for a store that does not answer a load.</summary>
    public bool Silent { get; set; }

    public int Loads { get; private set; }

    public async Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken)
    {
        Loads++;
        if (Silent) await Task.Delay(Timeout.Infinite, cancellationToken);
        if (Failure is not null) throw Failure;
        return await Inner.LoadAsync(persistenceId, criteria, cancellationToken);
    }

    public Task SaveAsync(SnapshotMetadata metadata, object snapshot, CancellationToken cancellationToken) =>
        Failure is null ? Inner.SaveAsync(metadata, snapshot, cancellationToken) : Task.FromException(Failure);

    public Task DeleteAsync(SnapshotMetadata metadata, CancellationToken cancellationToken) =>
        Failure is null ? Inner.DeleteAsync(metadata, cancellationToken) : Task.FromException(Failure);

    public Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken) =>
        Failure is null ? Inner.DeleteAsync(persistenceId, criteria, cancellationToken) : Task.FromException(Failure);

    public ValueTask DisposeAsync() => default;
}
