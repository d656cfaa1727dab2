using Picket.Actors.Persistence.Sql.Schema;

namespace Picket.Actors.Persistence.Sql.Postgres;

/// <summary>The tables' names, quoted, and the SQL over them. A schema's name reaches SQL only through here.</summary>
internal sealed class PostgresTables
{
    /// <summary>Rows that one statement deletes, so that it stays within the time of an attempt.</summary>
    public const int DeletedAtOnce = 10_000;

    /// <summary>Up to so many rows <see cref="InsertFew"/> is the faster one.</summary>
    public const int Few = 4;

    private readonly string _schema;
    private readonly string[] _insertFew;

    public PostgresTables(string schema)
    {
        _schema = Quote(schema);
        Insert = InsertFrom("""
            unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::bytea[], $8::bigint[])
            """);
        _insertFew = [.. Enumerable.Range(1, Few)
            .Select(rows => InsertFrom($"(VALUES {string.Join(", ", Enumerable.Range(0, rows).Select(Row))})"))];
        AddIds = $"INSERT INTO {_schema}.persistence_ids (name) SELECT unnest($1::text[]) ON CONFLICT (name) DO NOTHING";
        HighestOfAll = $"""
            SELECT p.name, greatest(p.deleted_to, (SELECT max(e.seq) FROM {_schema}.events e WHERE e.id = p.id))
            FROM {_schema}.persistence_ids p WHERE p.name = ANY ($1)
            """;
        CountWritten = $"""
            SELECT count(*) FROM unnest($1::text[], $2::bigint[], $3::text[], $4::bigint[]) AS w (name, seq, writer, sum)
            JOIN {_schema}.persistence_ids p ON p.name = w.name
            JOIN {_schema}.events e ON e.id = p.id AND e.seq = w.seq AND e.writer = w.writer AND e.sum = w.sum
            """;
        Find = $"SELECT id, deleted_to FROM {_schema}.persistence_ids WHERE name = $1";
        Highest = $"""
            SELECT greatest(p.deleted_to, (SELECT max(e.seq) FROM {_schema}.events e WHERE e.id = p.id))
            FROM {_schema}.persistence_ids p WHERE p.name = $1
            """;
        Page = $"""
            SELECT seq, written, writer, manifest, type, payload, sum FROM {_schema}.events
            WHERE id = $1 AND seq BETWEEN $2 AND $3 ORDER BY seq LIMIT $4
            """;
        MarkDeleted = $"""
            UPDATE {_schema}.persistence_ids p
            SET deleted_to = greatest(p.deleted_to, least($2, coalesce((SELECT max(e.seq) FROM {_schema}.events e WHERE e.id = p.id), 0)))
            WHERE p.name = $1
            """;
        DeleteRows = $"""
            DELETE FROM {_schema}.events e USING (
              SELECT x.id, x.seq FROM {_schema}.persistence_ids p JOIN {_schema}.events x ON x.id = p.id
              WHERE p.name = $1 AND x.seq <= least(p.deleted_to, $2) ORDER BY x.seq LIMIT {DeletedAtOnce}
            ) AS d WHERE e.id = d.id AND e.seq = d.seq
            """;
        SaveSnapshot = $"""
            INSERT INTO {_schema}.snapshots (id, seq, taken, type, payload, sum)
            SELECT p.id, $2, $3, $4, $5, $6 FROM {_schema}.persistence_ids p WHERE p.name = $1
            ON CONFLICT (id, seq) DO UPDATE
            SET taken = excluded.taken, type = excluded.type, payload = excluded.payload, sum = excluded.sum
            """;
        LoadSnapshot = $"""
            SELECT s.seq, s.taken, s.type, s.payload, s.sum
            FROM {_schema}.snapshots s JOIN {_schema}.persistence_ids p ON p.id = s.id
            WHERE p.name = $1 AND s.seq BETWEEN $2 AND $3 AND s.taken BETWEEN $4 AND $5 ORDER BY s.seq DESC LIMIT 1
            """;
        DeleteSnapshots = $"""
            DELETE FROM {_schema}.snapshots s USING {_schema}.persistence_ids p
            WHERE p.name = $1 AND s.id = p.id AND s.seq BETWEEN $2 AND $3 AND s.taken BETWEEN $4 AND $5
            """;
        Applied = $"SELECT version, checksum FROM {_schema}.migrations ORDER BY version";
        NoteMigration = $"INSERT INTO {_schema}.migrations (version, name, checksum, applied) VALUES ($1, $2, $3, $4)";
    }

    /// <summary>For rows as arrays.</summary>
    public string Insert { get; }

    public string AddIds { get; }

    public string HighestOfAll { get; }

    public string CountWritten { get; }

    public string Find { get; }

    public string Highest { get; }

    public string Page { get; }

    public string MarkDeleted { get; }

    public string DeleteRows { get; }

    public string SaveSnapshot { get; }

    public string LoadSnapshot { get; }

    public string DeleteSnapshots { get; }

    public string Applied { get; }

    public string NoteMigration { get; }

    /// <summary>For so many rows, 1 to <see cref="Few"/>, as single values.</summary>
    public string InsertFew(int rows) => _insertFew[rows - 1];

    public string CreateSchema => $"CREATE SCHEMA {_schema}";

    /// <summary>A migration's script, on this schema.</summary>
    public string Script(Migration migration) => migration.Script.Replace(PostgresSchema.Placeholder, _schema, StringComparison.Ordinal);

    /// <summary>An identifier as SQL: nothing in it can end it.</summary>
    public static string Quote(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Row(int row)
    {
        string[] types = ["text", "bigint", "bigint", "text", "text", "text", "bytea", "bigint"];
        return $"({string.Join(", ", types.Select((type, at) => $"${row * types.Length + at + 1}::{type}"))})";
    }

    /// <summary>No key for a name: it is not known, or the number was deleted. The column is NOT NULL, so that the statement fails as a
    /// whole.</summary>
    private string InsertFrom(string rows) => $"""
        INSERT INTO {_schema}.events (id, seq, written, writer, manifest, type, payload, sum)
        SELECT (SELECT p.id FROM {_schema}.persistence_ids p WHERE p.name = w.name AND p.deleted_to < w.seq),
          w.seq, w.written, w.writer, w.manifest, w.type, w.payload, w.sum
        FROM {rows} AS w (name, seq, written, writer, manifest, type, payload, sum)
        """;
}
