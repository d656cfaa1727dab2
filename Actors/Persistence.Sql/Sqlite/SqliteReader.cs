using Microsoft.Data.Sqlite;
using Picket.Actors.Persistence.Sql.Rows;

namespace Picket.Actors.Persistence.Sql.Sqlite;

/// <summary>A reading connection; used by one thread at a time. Each member is a read transaction of its own, and a short one.</summary>
internal sealed class SqliteReader : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _find;
    private readonly SqliteCommand _highest;
    private readonly SqliteCommand _page;
    private readonly SqliteCommand _snapshot;

    public SqliteReader(string path, TimeSpan busyTimeout)
    {
        _connection = SqliteConnections.Open(path, busyTimeout);
        _connection.Execute("PRAGMA query_only=ON");
        _find = _connection.Prepare("SELECT id, deleted_to FROM persistence_ids WHERE name = $1", 1);
        _highest = _connection.Prepare("""
            SELECT max(deleted_to, coalesce((SELECT max(seq) FROM events WHERE events.id = persistence_ids.id), 0))
            FROM persistence_ids WHERE name = $1
            """, 1);
        _page = _connection.Prepare("""
            SELECT seq, written, writer, manifest, type, payload, sum FROM events
            WHERE id = $1 AND seq BETWEEN $2 AND $3 ORDER BY seq LIMIT $4
            """, 4);
        _snapshot = _connection.Prepare("""
            SELECT s.seq, s.taken, s.type, s.payload, s.sum FROM snapshots s JOIN persistence_ids p ON p.id = s.id
            WHERE p.name = $1 AND s.seq BETWEEN $2 AND $3 AND s.taken BETWEEN $4 AND $5 ORDER BY s.seq DESC LIMIT 1
            """, 5);
    }

    public IdEntry? Find(string persistenceId)
    {
        using var row = _find.With(persistenceId).ExecuteReader();
        return row.Read() ? new IdEntry(row.GetInt64(0), row.GetInt64(1)) : null;
    }

    public long Highest(string persistenceId) => _highest.With(persistenceId).ExecuteScalar() is long number ? number : 0;

    public EventPage Page(string persistenceId, long key, long from, long to, int limit)
    {
        var rows = new List<EventRow>(Math.Min(limit, 64));
        var bytes = 0L;
        using var row = _page.With(key, from, to, (long)limit).ExecuteReader();
        while (row.Read())
        {
            var payload = row.IsDBNull(5) ? null : row.GetFieldValue<byte[]>(5);
            rows.Add(new EventRow(persistenceId, row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetString(4),
                payload, unchecked((uint)row.GetInt64(6))));
            bytes += payload?.Length ?? 0;
            if (bytes >= EventReplay.PageBytes) return new EventPage(rows, More: true);
        }

        return new EventPage(rows, rows.Count == limit);
    }

    public SnapshotRow? Snapshot(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        using var row = _snapshot.With(persistenceId, criteria.MinSequenceNr, criteria.MaxSequenceNr, criteria.MinTimestamp?.Ticks ?? 0L,
            criteria.MaxTimeStamp.Ticks).ExecuteReader();
        if (!row.Read()) return null;
        return new SnapshotRow(persistenceId, row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetFieldValue<byte[]>(3),
            unchecked((uint)row.GetInt64(4)));
    }

    public void Dispose()
    {
        _find.Dispose();
        _highest.Dispose();
        _page.Dispose();
        _snapshot.Dispose();
        _connection.Dispose();
    }
}
