using Picket.Actors.Persistence;
using Picket.Actors.Persistence.Journal;
using Picket.Actors.Persistence.Snapshot;

namespace Picket.Spec.Context;

/// <summary>A store in memory that notes when it was asked to write, and fails when told so.</summary>
internal sealed class TimedStore(TimeProvider time) : IEventJournal, ISnapshotStore
{
    private readonly MemoryJournal _journal = new();
    private readonly MemorySnapshotStore _snapshots = new();
    private readonly List<(string What, TimeSpan At)> _writes = [];

    /// <summary>What each call comes to.</summary>
    public Exception? Failure { get; set; }

    /// <summary>What was written, and when.</summary>
    public IReadOnlyList<(string What, TimeSpan At)> Writes
    {
        get
        {
            lock (_writes) return [.. _writes];
        }
    }

    public Task<IReadOnlyList<Exception?>> WriteAsync(IReadOnlyList<AtomicWrite> writes, CancellationToken cancellationToken)
    {
        Note("change");
        return _journal.WriteAsync(writes, cancellationToken);
    }

    public IAsyncEnumerable<Persistent> ReplayAsync(string persistenceId, long from, long to, long max, CancellationToken cancellationToken)
    {
        Fail();
        return _journal.ReplayAsync(persistenceId, from, to, max, cancellationToken);
    }

    public Task<long> ReadHighestSequenceNrAsync(string persistenceId, CancellationToken cancellationToken)
    {
        Fail();
        return _journal.ReadHighestSequenceNrAsync(persistenceId, cancellationToken);
    }

    public Task DeleteToAsync(string persistenceId, long toSequenceNr, CancellationToken cancellationToken)
    {
        Note("delete changes");
        return _journal.DeleteToAsync(persistenceId, toSequenceNr, cancellationToken);
    }

    public Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken)
    {
        Fail();
        return _snapshots.LoadAsync(persistenceId, criteria, cancellationToken);
    }

    public Task SaveAsync(SnapshotMetadata metadata, object snapshot, CancellationToken cancellationToken)
    {
        Note("snapshot");
        return _snapshots.SaveAsync(metadata, snapshot, cancellationToken);
    }

    public Task DeleteAsync(SnapshotMetadata metadata, CancellationToken cancellationToken) => _snapshots.DeleteAsync(metadata, cancellationToken);

    public Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken)
    {
        Note("delete snapshots");
        return _snapshots.DeleteAsync(persistenceId, criteria, cancellationToken);
    }

    public ValueTask DisposeAsync() => default;

    /// <summary>Everything that is in the store.</summary>
    public async Task<List<object>> ContentAsync(string persistenceId)
    {
        var content = new List<object>();
        for (var above = long.MaxValue; await _snapshots.LoadAsync(persistenceId, new SnapshotSelectionCriteria(above), default) is { } found; above = found.Metadata.SequenceNr - 1)
            content.Add(found.Snapshot);
        await foreach (var one in _journal.ReplayAsync(persistenceId, 1, long.MaxValue, long.MaxValue, default)) content.Add(one.Payload);
        return content;
    }

    private void Note(string what)
    {
        lock (_writes) _writes.Add((what, time.GetElapsedTime(0)));
        Fail();
    }

    private void Fail()
    {
        if (Failure is { } failure) throw failure;
    }
}
