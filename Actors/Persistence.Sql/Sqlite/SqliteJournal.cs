using Picket.Actors.Persistence.Journal;
using Picket.Actors.Persistence.Sql.Rows;

namespace Picket.Actors.Persistence.Sql.Sqlite;

/// <summary>The events of a <see cref="SqliteStore"/>, which owns it: disposing of it does nothing.</summary>
internal sealed class SqliteJournal(SqliteWriter writer, SqliteReaders readers, EventCodec codec) : IEventJournal
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<Exception?>> WriteAsync(IReadOnlyList<AtomicWrite> writes, CancellationToken cancellationToken)
    {
        var batch = codec.Encode(writes);
        if (batch.Rows.Count == 0) return batch.Outcomes;
        var outcomes = batch.Outcomes;
        await writer.WriteAsync(session =>
        {
            outcomes = session.Insert(batch);
            return 0;
        }, cancellationToken).ConfigureAwait(false);
        return outcomes;
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<Persistent> ReplayAsync(
        string persistenceId, long from, long to, long max, CancellationToken cancellationToken) =>
        EventReplay.ReadAsync(readers, codec, persistenceId, from, to, max, cancellationToken);

    /// <inheritdoc/>
    public Task<long> ReadHighestSequenceNrAsync(string persistenceId, CancellationToken cancellationToken) =>
        readers.UseAsync(reader => reader.Highest(persistenceId), cancellationToken);

    /// <inheritdoc/>
    public async Task DeleteToAsync(string persistenceId, long toSequenceNr, CancellationToken cancellationToken)
    {
        long deleted;
        do
        {
            deleted = await writer.WriteAsync(session => session.DeleteTo(persistenceId, toSequenceNr), cancellationToken)
                .ConfigureAwait(false);
        }
        while (deleted == SqliteSession.DeletedAtOnce);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => default;
}
