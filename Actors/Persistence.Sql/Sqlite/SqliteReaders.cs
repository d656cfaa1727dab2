using System.Collections.Concurrent;
using Picket.Actors.Persistence.Journal;
using Picket.Actors.Persistence.Sql.Rows;

namespace Picket.Actors.Persistence.Sql.Sqlite;

/// <summary>The reading connections, opened as they are needed, up to a number.</summary>
internal sealed class SqliteReaders(string path, SqliteOptions options) : IEventPages, IAsyncDisposable
{
    private readonly SemaphoreSlim _free = new(options.Readers);
    private readonly ConcurrentBag<SqliteReader> _idle = [];
    private volatile bool _closed;

    /// <inheritdoc/>
    public string Place { get; } = $"{path}, table events";

    public Task<IdEntry?> FindAsync(string persistenceId, CancellationToken cancellationToken) =>
        UseAsync(reader => reader.Find(persistenceId), cancellationToken);

    public Task<EventPage> ReadAsync(string persistenceId, long key, long from, long to, int limit, CancellationToken cancellationToken) =>
        UseAsync(reader => reader.Page(persistenceId, key, from, to, limit), cancellationToken);

    /// <summary>Reads on a thread of the pool: SQLite blocks, and an actor that asks must not.</summary>
    public async Task<T> UseAsync<T>(Func<SqliteReader, T> read, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => Use(read), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Waits for those that read and closes their connections, before the writer's: the last to close cuts the log.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_closed) return;
        _closed = true;
        for (var i = 0; i < options.Readers; i++) await _free.WaitAsync().ConfigureAwait(false);
        while (_idle.TryTake(out var reader)) reader.Dispose();
        _free.Release(options.Readers);
    }

    private T Use<T>(Func<SqliteReader, T> read)
    {
        if (_closed) throw new SqlStoreException(SqlFailure.Closed, "the store is closed", path);
        SqliteReader? reader = null;
        try
        {
            if (!_idle.TryTake(out reader)) reader = new SqliteReader(path, options.BusyTimeout);
            var answer = read(reader);
            _idle.Add(reader);
            return answer;
        }
        catch (Exception failure)
        {
            // A connection that failed is not used again: what it has in its cache may be part of the failure.
            reader?.Dispose();
            if (failure is InvalidCastException or InvalidOperationException)
                throw new JournalCorruptException(
                    $"a row has a column of the wrong kind: {failure.Message}", Place, innerException: failure);
            throw SqliteErrors.Translate(failure, path);
        }
    }
}
