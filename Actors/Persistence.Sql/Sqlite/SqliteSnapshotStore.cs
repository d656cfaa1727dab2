using Picket.Actors.Persistence.Snapshot;
using Picket.Actors.Persistence.Sql.Rows;

namespace Picket.Actors.Persistence.Sql.Sqlite;

/// <summary>The snapshots of a <see cref="SqliteStore"/>, which owns it: disposing of it does nothing.</summary>
internal sealed class SqliteSnapshotStore(SqliteWriter writer, SqliteReaders readers, SnapshotCodec codec) : ISnapshotStore
{
    /// <inheritdoc/>
    public async Task<SelectedSnapshot?> LoadAsync(
        string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(criteria);
        var row = await readers.UseAsync(reader => reader.Snapshot(persistenceId, criteria), cancellationToken).ConfigureAwait(false);
        return row is { } found ? codec.Decode(found) : null;
    }

    /// <inheritdoc/>
    public async Task SaveAsync(SnapshotMetadata metadata, object snapshot, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentNullException.ThrowIfNull(snapshot);
        var row = codec.Encode(metadata, snapshot);
        await WriteAsync(session => session.SaveSnapshot(row), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task DeleteAsync(SnapshotMetadata metadata, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return WriteAsync(session => session.DeleteSnapshot(metadata), cancellationToken);
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(criteria);
        return WriteAsync(session => session.DeleteSnapshots(persistenceId, criteria), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => default;

    private Task<long> WriteAsync(Action<SqliteSession> apply, CancellationToken cancellationToken) => writer.WriteAsync(session =>
    {
        apply(session);
        return 0;
    }, cancellationToken);
}
