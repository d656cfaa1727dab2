using System.Text;
using Microsoft.Data.Sqlite;
using Picket.Actors.Persistence.Journal;
using Picket.Actors.Persistence.Sql.Rows;
using SQLitePCL;

namespace Picket.Actors.Persistence.Sql.Sqlite;

/// <summary>
/// The one writing connection and what it does within a transaction; used by one thread. Events are bound on the prepared statement
/// itself, for ADO.NET's parameters cost as much as the insert.
/// </summary>
internal sealed class SqliteSession : IDisposable
{
    /// <summary>Histories that are remembered; then the memory starts anew.</summary>
    private const int MostHistories = 65_536;

    /// <summary>Rows that one deletion takes at once, so that writes wait no longer than for them.</summary>
    public const int DeletedAtOnce = 2_000;

    private const int MaxStackText = 512;

    private readonly string _path;
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteHistory> _histories = new(StringComparer.Ordinal);
    private readonly List<string> _touched = [];
    private readonly sqlite3_stmt _begin;
    private readonly sqlite3_stmt _commit;
    private readonly sqlite3_stmt _insert;
    private readonly SqliteCommand _findKey;
    private readonly SqliteCommand _addKey;
    private readonly SqliteCommand _markDeleted;
    private readonly SqliteCommand _deleteRows;
    private readonly SqliteCommand _saveSnapshot;
    private readonly SqliteCommand _deleteSnapshot;
    private readonly SqliteCommand _deleteSnapshots;

    public SqliteSession(SqliteConnection connection, string path)
    {
        _path = path;
        _connection = connection;
        _begin = Statement("BEGIN IMMEDIATE");
        _commit = Statement("COMMIT");
        _insert = Statement("INSERT INTO events (id, seq, written, writer, manifest, type, payload, sum) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
        _findKey = connection.Prepare("""
            SELECT id, max(deleted_to, coalesce((SELECT max(seq) FROM events WHERE events.id = persistence_ids.id), 0))
            FROM persistence_ids WHERE name = $1
            """, 1);
        _addKey = connection.Prepare("INSERT INTO persistence_ids (name) VALUES ($1) RETURNING id", 1);
        _markDeleted = connection.Prepare("UPDATE persistence_ids SET deleted_to = max(deleted_to, $2) WHERE id = $1", 2);
        _deleteRows = connection.Prepare("""
            DELETE FROM events
            WHERE position IN (SELECT position FROM events WHERE id = $1 AND seq <= $2 ORDER BY seq LIMIT $3)
            """, 3);
        _saveSnapshot = connection.Prepare(
            "INSERT OR REPLACE INTO snapshots (id, seq, taken, type, payload, sum) VALUES ($1, $2, $3, $4, $5, $6)", 6);
        _deleteSnapshot = connection.Prepare(
            "DELETE FROM snapshots WHERE id = $1 AND seq = $2 AND ($3 = 0 OR taken = $3)", 3);
        _deleteSnapshots = connection.Prepare(
            "DELETE FROM snapshots WHERE id = $1 AND seq BETWEEN $2 AND $3 AND taken BETWEEN $4 AND $5", 5);
    }

    public void Begin() => Step(_begin);

    public void Commit()
    {
        Step(_commit);
        _touched.Clear();
    }

    /// <summary>Ends a transaction without its effect; nothing happens where a failure has done so already.</summary>
    public void RollBack()
    {
        // What was learnt of these in the transaction was never true.
        foreach (var name in _touched) _histories.Remove(name);
        _touched.Clear();
        if (raw.sqlite3_get_autocommit(_connection.Handle) == 0) _ = raw.sqlite3_exec(_connection.Handle, "ROLLBACK");
    }

    /// <summary>Stores the writes whose numbers are free.</summary>
    /// <returns>One outcome for each write of the call; those of an id behind one of its conflicts are conflicts too.</returns>
    public IReadOnlyList<Exception?> Insert(EventBatch batch)
    {
        Exception?[]? outcomes = null;
        HashSet<string>? refused = null;
        for (var i = 0; i < batch.Writes.Count; i++)
        {
            var write = batch.Writes[i];
            var history = Touch(write.PersistenceId);
            var first = batch.Rows[write.Start].SequenceNr;
            if (first <= history.Highest || refused?.Contains(write.PersistenceId) == true)
            {
                outcomes ??= [.. batch.Outcomes];
                outcomes[write.Index] = new JournalConflictException(write.PersistenceId, first);
                (refused ??= new HashSet<string>(StringComparer.Ordinal)).Add(write.PersistenceId);
                continue;
            }

            for (var row = write.Start; row < write.Start + write.Count; row++) Insert(history.Key, batch.Rows[row]);
            history.Highest = first + write.Count - 1;
        }

        return outcomes ?? batch.Outcomes;
    }

    /// <summary>Deletes for good; how many rows went. As many as <see cref="DeletedAtOnce"/>: there may be more.</summary>
    public long DeleteTo(string persistenceId, long toSequenceNr)
    {
        if (Find(persistenceId) is not { } history) return 0;
        // The mark comes first: a reader between two pieces of the deletion finds no gap.
        var to = Math.Min(toSequenceNr, history.Highest);
        _markDeleted.With(history.Key, to).ExecuteNonQuery();
        return _deleteRows.With(history.Key, to, (long)DeletedAtOnce).ExecuteNonQuery();
    }

    public void SaveSnapshot(in SnapshotRow row) =>
        _saveSnapshot.With(Touch(row.PersistenceId).Key, row.SequenceNr, row.Taken, row.Type, row.Payload, (long)row.Sum).ExecuteNonQuery();

    public void DeleteSnapshot(SnapshotMetadata metadata)
    {
        if (Find(metadata.PersistenceId) is { } history)
            _deleteSnapshot.With(history.Key, metadata.SequenceNr, metadata.Timestamp.Ticks).ExecuteNonQuery();
    }

    public void DeleteSnapshots(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        if (Find(persistenceId) is not { } history) return;
        _deleteSnapshots.With(history.Key, criteria.MinSequenceNr, criteria.MaxSequenceNr, criteria.MinTimestamp?.Ticks ?? 0L,
            criteria.MaxTimeStamp.Ticks).ExecuteNonQuery();
    }

    /// <summary>Brings the log into the database and cuts it, unless a reader holds it.</summary>
    public void CutLog(TimeSpan wait, TimeSpan usualWait)
    {
        var handle = _connection.Handle;
        _ = raw.sqlite3_busy_timeout(handle, (int)wait.TotalMilliseconds);
        // A failure here loses nothing: the log stays and is worked off later.
        _ = raw.sqlite3_wal_checkpoint_v2(handle, "main", raw.SQLITE_CHECKPOINT_TRUNCATE, out _, out _);
        _ = raw.sqlite3_busy_timeout(handle, (int)usualWait.TotalMilliseconds);
    }

    public void Dispose()
    {
        _begin.Dispose();
        _commit.Dispose();
        _insert.Dispose();
        SqliteCommand[] commands = [_findKey, _addKey, _markDeleted, _deleteRows, _saveSnapshot, _deleteSnapshot, _deleteSnapshots];
        foreach (var command in commands) command.Dispose();
        _connection.Dispose();
    }

    private void Insert(long key, in EventRow row)
    {
        _ = raw.sqlite3_bind_int64(_insert, 1, key);
        _ = raw.sqlite3_bind_int64(_insert, 2, row.SequenceNr);
        _ = raw.sqlite3_bind_int64(_insert, 3, row.Written);
        BindText(4, row.Writer);
        BindText(5, row.Manifest);
        BindText(6, row.Type);
        if (row.Payload is null) _ = raw.sqlite3_bind_null(_insert, 7);
        else if (row.Payload.Length == 0) _ = raw.sqlite3_bind_zeroblob(_insert, 7, 0);
        else Check(raw.sqlite3_bind_blob(_insert, 7, row.Payload));
        _ = raw.sqlite3_bind_int64(_insert, 8, row.Sum);
        var result = raw.sqlite3_step(_insert);
        var reset = raw.sqlite3_reset(_insert);
        if (result == raw.SQLITE_DONE) return;
        // Another program wrote here after all: what is known of the highest number was wrong.
        if (reset == SqliteErrors.Constraint && raw.sqlite3_extended_errcode(_connection.Handle) == raw.SQLITE_CONSTRAINT_UNIQUE)
            throw new JournalConflictException(row.PersistenceId, row.SequenceNr);
        Check(reset);
    }

    /// <summary>SQLite copies the bytes, so that they may lie on the stack.</summary>
    private void BindText(int index, string text)
    {
        if (text.Length == 0)
        {
            // An empty span would be bound as NULL.
            Check(raw.sqlite3_bind_text(_insert, index, ""));
            return;
        }

        Span<byte> stack = stackalloc byte[MaxStackText];
        var bytes = Encoding.UTF8.GetMaxByteCount(text.Length) <= MaxStackText
            ? stack[..Encoding.UTF8.GetBytes(text, stack)]
            : Encoding.UTF8.GetBytes(text);
        Check(raw.sqlite3_bind_text(_insert, index, bytes));
    }

    private SqliteHistory Touch(string persistenceId)
    {
        if (Find(persistenceId) is not { } history)
            Remember(persistenceId, history = new SqliteHistory((long)_addKey.With(persistenceId).ExecuteScalar()!, 0));
        // One write after the other is mostly another id's; the same id twice does no harm.
        _touched.Add(persistenceId);
        return history;
    }

    private SqliteHistory? Find(string persistenceId)
    {
        if (_histories.TryGetValue(persistenceId, out var known)) return known;
        using var row = _findKey.With(persistenceId).ExecuteReader();
        if (!row.Read()) return null;
        var history = new SqliteHistory(row.GetInt64(0), row.GetInt64(1));
        Remember(persistenceId, history);
        return history;
    }

    private void Remember(string persistenceId, SqliteHistory history)
    {
        if (_histories.Count >= MostHistories) _histories.Clear();
        _histories[persistenceId] = history;
    }

    private sqlite3_stmt Statement(string sql)
    {
        Check(raw.sqlite3_prepare_v2(_connection.Handle, sql, out sqlite3_stmt statement));
        return statement;
    }

    private void Step(sqlite3_stmt statement)
    {
        _ = raw.sqlite3_step(statement);
        Check(raw.sqlite3_reset(statement));
    }

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, _connection.Handle);
}
