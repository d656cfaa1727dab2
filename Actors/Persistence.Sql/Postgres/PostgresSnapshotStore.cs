using Npgsql;
using Picket.Actors.Persistence.Snapshot;
using Picket.Actors.Persistence.Sql.Rows;

namespace Picket.Actors.Persistence.Sql.Postgres;

/// <summary>The snapshots of a <see cref="PostgresStore"/>, which owns it: disposing of it does nothing.</summary>
internal sealed class PostgresSnapshotStore(NpgsqlDataSource source, PostgresTables tables, PostgresRetry retry, SnapshotCodec codec)
    : ISnapshotStore
{
    /// <inheritdoc/>
    public async Task<SelectedSnapshot?> LoadAsync(
        string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(criteria);
        if (PersistenceIdText.Fault(persistenceId) is not null) return null;
        var found = await retry.RunAsync<SnapshotRow?>("read a snapshot", async token =>
        {
            await using var command = source.CreateCommand(tables.LoadSnapshot);
            Add(command.Parameters, persistenceId, criteria);
            await using var row = await command.ExecuteReaderAsync(token).ConfigureAwait(false);
            if (!await row.ReadAsync(token).ConfigureAwait(false)) return null;
            return new SnapshotRow(persistenceId, row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetFieldValue<byte[]>(3),
                unchecked((uint)row.GetInt64(4)));
        }, cancellationToken).ConfigureAwait(false);
        return found is { } snapshot ? codec.Decode(snapshot) : null;
    }

    /// <inheritdoc/>
    public async Task SaveAsync(SnapshotMetadata metadata, object snapshot, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentNullException.ThrowIfNull(snapshot);
        var row = codec.Encode(metadata, snapshot);
        await retry.RunAsync("store a snapshot", async token =>
        {
            await using var batch = source.CreateBatch();
            batch.BatchCommands.Add(new NpgsqlBatchCommand(tables.AddIds)
            {
                Parameters = { new NpgsqlParameter<string[]> { TypedValue = [row.PersistenceId] } },
            });
            batch.BatchCommands.Add(new NpgsqlBatchCommand(tables.SaveSnapshot)
            {
                Parameters =
                {
                    new NpgsqlParameter<string> { TypedValue = row.PersistenceId },
                    new NpgsqlParameter<long> { TypedValue = row.SequenceNr },
                    new NpgsqlParameter<long> { TypedValue = row.Taken },
                    new NpgsqlParameter<string> { TypedValue = row.Type },
                    new NpgsqlParameter<byte[]> { TypedValue = row.Payload },
                    new NpgsqlParameter<long> { TypedValue = row.Sum },
                },
            });
            return await batch.ExecuteNonQueryAsync(token).ConfigureAwait(false);
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task DeleteAsync(SnapshotMetadata metadata, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        var anyTime = metadata.Timestamp == SnapshotMetadata.TimestampNotSpecified;
        return DeleteAsync(metadata.PersistenceId, new SnapshotSelectionCriteria(metadata.SequenceNr,
            anyTime ? DateTime.MaxValue : metadata.Timestamp, metadata.SequenceNr, metadata.Timestamp), cancellationToken);
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(criteria);
        if (PersistenceIdText.Fault(persistenceId) is not null) return Task.CompletedTask;
        return retry.RunAsync("delete snapshots", async token =>
        {
            await using var command = source.CreateCommand(tables.DeleteSnapshots);
            Add(command.Parameters, persistenceId, criteria);
            return await command.ExecuteNonQueryAsync(token).ConfigureAwait(false);
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => default;

    private static void Add(NpgsqlParameterCollection parameters, string persistenceId, SnapshotSelectionCriteria criteria)
    {
        parameters.Add(new NpgsqlParameter<string> { TypedValue = persistenceId });
        long[] bounds =
            [criteria.MinSequenceNr, criteria.MaxSequenceNr, criteria.MinTimestamp?.Ticks ?? 0, criteria.MaxTimeStamp.Ticks];
        foreach (var bound in bounds) parameters.Add(new NpgsqlParameter<long> { TypedValue = bound });
    }
}
