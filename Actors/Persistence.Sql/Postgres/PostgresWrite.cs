using Npgsql;
using Picket.Actors.Persistence.Journal;
using Picket.Actors.Persistence.Sql.Rows;

namespace Picket.Actors.Persistence.Sql.Postgres;

/// <summary>
/// One call's events on their way to the server. An attempt whose answer was lost is made again: it stores the batch, or finds its numbers
/// taken, and then the rows themselves tell whether it was this batch that took them.
/// </summary>
internal sealed class PostgresWrite
{
    private readonly PostgresTables _tables;
    private readonly PostgresNames _names;
    private readonly EventBatch _batch;
    private readonly Exception?[] _outcomes;
    private IReadOnlyList<WriteSpan> _writes;
    private PostgresBatch _rows;
    private bool _mayBeStored;

    public PostgresWrite(PostgresTables tables, PostgresNames names, EventBatch batch)
    {
        _tables = tables;
        _names = names;
        _batch = batch;
        _outcomes = [.. batch.Outcomes];
        _writes = batch.Writes;
        _rows = new PostgresBatch(batch, _writes);
    }

    /// <summary>One attempt.</summary>
    /// <returns>One outcome for each write of the call.</returns>
    public async Task<IReadOnlyList<Exception?>> AttemptAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        while (_writes.Count > 0)
        {
            var again = _mayBeStored;
            _mayBeStored = true;
            try
            {
                await InsertAsync(connection, cancellationToken).ConfigureAwait(false);
                break;
            }
            catch (PostgresException failure) when (PostgresErrors.IsTaken(failure))
            {
                if (again && await IsStoredAsync(connection, cancellationToken).ConfigureAwait(false)) break;
                if (!await TakeOutConflictsAsync(connection, failure, cancellationToken).ConfigureAwait(false)) throw;
            }
        }

        return _outcomes;
    }

    private async Task InsertAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // Statements of a batch are one transaction, committed before the answer to the last of them.
        await using var batch = new NpgsqlBatch(connection);
        var unknown = _names.Unknown(_writes);
        if (unknown.Length > 0)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(_tables.AddIds)
            {
                Parameters = { new NpgsqlParameter<string[]> { TypedValue = unknown } },
            });
        }

        batch.BatchCommands.Add(_rows.Insert(_tables));
        await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        _names.Remember(unknown);
    }

    private async Task<bool> IsStoredAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(_rows.CountWritten(_tables.CountWritten));
        return await batch.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is long stored && stored == _rows.Count;
    }

    /// <summary>Leaves out the writes whose numbers others have, so that the rest can be stored; false when nothing explains the failure.
    /// </summary>
    private async Task<bool> TakeOutConflictsAsync(
        NpgsqlConnection connection, PostgresException failure, CancellationToken cancellationToken)
    {
        // A batch with a number that another has cannot have been stored, nor be stored later.
        _mayBeStored = false;
        var forgotten = _names.Forget(_writes);
        var highest = await HighestAsync(connection, cancellationToken).ConfigureAwait(false);
        var free = new List<WriteSpan>(_writes.Count);
        var refused = new HashSet<string>(StringComparer.Ordinal);
        foreach (var write in _writes)
        {
            var first = _batch.Rows[write.Start].SequenceNr;
            if (first <= highest.GetValueOrDefault(write.PersistenceId) || refused.Contains(write.PersistenceId))
            {
                _outcomes[write.Index] = new JournalConflictException(write.PersistenceId, first, failure);
                refused.Add(write.PersistenceId);
                continue;
            }

            highest[write.PersistenceId] = first + write.Count - 1;
            free.Add(write);
        }

        if (refused.Count == 0) return forgotten;
        _writes = free;
        _rows = new PostgresBatch(_batch, free);
        return true;
    }

    private async Task<Dictionary<string, long>> HighestAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(_tables.HighestOfAll, connection);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = PostgresNames.Distinct(_writes) });
        await using var row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        var highest = new Dictionary<string, long>(StringComparer.Ordinal);
        while (await row.ReadAsync(cancellationToken).ConfigureAwait(false)) highest.Add(row.GetString(0), row.GetInt64(1));
        return highest;
    }
}
