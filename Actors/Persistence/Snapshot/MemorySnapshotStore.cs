namespace Picket.Actors.Persistence.Snapshot;

/// <summary>
/// Snapshots in the memory of the process, as the objects they are. It may be given to more than one actor system and outlives them:
/// disposing of it does nothing.
/// </summary>
public sealed class MemorySnapshotStore : ISnapshotStore
{
    private readonly Lock _sync = new();
    private readonly Dictionary<string, SortedList<long, SelectedSnapshot>> _snapshots = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Task<SelectedSnapshot?> LoadAsync(
        string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken)
    {
        lock (_sync)
        {
            return Task.FromResult(_snapshots.TryGetValue(persistenceId, out var all)
                ? all.Values.LastOrDefault(snapshot => criteria.Matches(snapshot.Metadata))
                : null);
        }
    }

    /// <inheritdoc/>
    public Task SaveAsync(SnapshotMetadata metadata, object snapshot, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentNullException.ThrowIfNull(snapshot);
        lock (_sync)
        {
            if (!_snapshots.TryGetValue(metadata.PersistenceId, out var all)) _snapshots.Add(metadata.PersistenceId, all = []);
            all[metadata.SequenceNr] = new SelectedSnapshot(metadata, snapshot);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task DeleteAsync(SnapshotMetadata metadata, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        lock (_sync)
        {
            if (_snapshots.TryGetValue(metadata.PersistenceId, out var all) && all.TryGetValue(metadata.SequenceNr, out var found)
                && (metadata.Timestamp == SnapshotMetadata.TimestampNotSpecified || metadata.Timestamp == found.Metadata.Timestamp))
            {
                all.Remove(metadata.SequenceNr);
            }
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken)
    {
        lock (_sync)
        {
            if (!_snapshots.TryGetValue(persistenceId, out var all)) return Task.CompletedTask;
            foreach (var meant in all.Values.Where(snapshot => criteria.Matches(snapshot.Metadata)).ToList())
            {
                all.Remove(meant.Metadata.SequenceNr);
            }
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => default;
}
