using Npgsql;
using Picket.Actors.Persistence.Journal;
using Picket.Actors.Persistence.Sql.Rows;

namespace Picket.Actors.Persistence.Sql.Postgres;

/// <summary>The events of a <see cref="PostgresStore"/>, which owns it: disposing of it does nothing.</summary>
internal sealed class PostgresJournal(NpgsqlDataSource source, PostgresTables tables, PostgresRetry retry, EventCodec codec, string place)
    : IEventJournal, IEventPages
{
    private readonly PostgresNames _names = new();
    private long _commits;

    /// <inheritdoc/>
    public string Place { get; } = $"{place}, table events";

    public long Commits => Interlocked.Read(ref _commits);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Exception?>> WriteAsync(IReadOnlyList<AtomicWrite> writes, CancellationToken cancellationToken)
    {
        var batch = codec.Encode(writes);
        if (batch.Rows.Count == 0) return batch.Outcomes;
        var write = new PostgresWrite(tables, _names, batch);
        var outcomes = await retry.RunAsync("store events", token => write.AttemptAsync(source, token), cancellationToken)
            .ConfigureAwait(false);
        Interlocked.Increment(ref _commits);
        return outcomes;
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<Persistent> ReplayAsync(
        string persistenceId, long from, long to, long max, CancellationToken cancellationToken) =>
        EventReplay.ReadAsync(this, codec, persistenceId, from, to, max, cancellationToken);

    /// <inheritdoc/>
    public Task<long> ReadHighestSequenceNrAsync(string persistenceId, CancellationToken cancellationToken)
    {
        if (PersistenceIdText.Fault(persistenceId) is not null) return Task.FromResult(0L);
        return retry.RunAsync("read the highest number", async token =>
        {
            await using var command = source.CreateCommand(tables.Highest);
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = persistenceId });
            return await command.ExecuteScalarAsync(token).ConfigureAwait(false) is long number ? number : 0;
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task DeleteToAsync(string persistenceId, long toSequenceNr, CancellationToken cancellationToken)
    {
        if (PersistenceIdText.Fault(persistenceId) is not null) return;
        // The mark comes first, and alone: a reader between two pieces of the deletion finds no gap.
        await ExecuteAsync(tables.MarkDeleted).ConfigureAwait(false);
        while (await ExecuteAsync(tables.DeleteRows).ConfigureAwait(false) == PostgresTables.DeletedAtOnce)
        {
        }

        Task<int> ExecuteAsync(string sql) => retry.RunAsync("delete events", async token =>
        {
            await using var command = source.CreateCommand(sql);
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = persistenceId });
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = toSequenceNr });
            return await command.ExecuteNonQueryAsync(token).ConfigureAwait(false);
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IdEntry?> FindAsync(string persistenceId, CancellationToken cancellationToken) =>
        retry.RunAsync<IdEntry?>("find a persistence id", async token =>
        {
            await using var command = source.CreateCommand(tables.Find);
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = persistenceId });
            await using var row = await command.ExecuteReaderAsync(token).ConfigureAwait(false);
            return await row.ReadAsync(token).ConfigureAwait(false) ? new IdEntry(row.GetInt64(0), row.GetInt64(1)) : null;
        }, cancellationToken);

    /// <inheritdoc/>
    public Task<EventPage> ReadAsync(string persistenceId, long key, long from, long to, int limit, CancellationToken cancellationToken) =>
        retry.RunAsync("read events", async token =>
        {
            await using var command = source.CreateCommand(tables.Page);
            long[] values = [key, from, to, limit];
            foreach (var value in values) command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = value });
            await using var row = await command.ExecuteReaderAsync(token).ConfigureAwait(false);
            var rows = new List<EventRow>(Math.Min(limit, 64));
            while (await row.ReadAsync(token).ConfigureAwait(false))
            {
                rows.Add(new EventRow(persistenceId, row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetString(4),
                    row.IsDBNull(5) ? null : row.GetFieldValue<byte[]>(5), unchecked((uint)row.GetInt64(6))));
            }

            return new EventPage(rows, rows.Count == limit);
        }, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => default;
}
