namespace Picket.Actors.Persistence.Snapshot;

/// <summary>A store of snapshots: at most one for an id and a number. Members may be called at the same time, from any thread.</summary>
public interface ISnapshotStore : IAsyncDisposable
{
    /// <summary>The snapshot with the highest number among those meant, or null.</summary>
    /// <exception cref="Journal.JournalCorruptException">What is stored cannot be read.</exception>
    Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken);

    /// <summary>Stores a snapshot in place of any of the same id and number.</summary>
    Task SaveAsync(SnapshotMetadata metadata, object snapshot, CancellationToken cancellationToken);

    /// <summary>Deletes the snapshot of that id and number; where a time is given, only if it was taken then. None is no failure.</summary>
    Task DeleteAsync(SnapshotMetadata metadata, CancellationToken cancellationToken);

    /// <summary>Deletes those of an id that are meant.</summary>
    Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken);
}
