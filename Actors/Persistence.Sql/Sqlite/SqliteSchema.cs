using Picket.Actors.Persistence.Sql.Schema;

namespace Picket.Actors.Persistence.Sql.Sqlite;

/// <summary>The tables and how they came about.</summary>
internal static class SqliteSchema
{
    /// <summary>"PCKJ", at byte 68 of the file: a Picket journal.</summary>
    public const int ApplicationId = 0x50434B4A;

    /// <summary>All steps. Released ones never change; a new one is put behind them.</summary>
    public static IReadOnlyList<Migration> Migrations { get; } =
    [
        new Migration(1, "events", """
            CREATE TABLE migrations (
              version INTEGER PRIMARY KEY,
              name TEXT NOT NULL,
              checksum TEXT NOT NULL,
              applied INTEGER NOT NULL
            ) STRICT;
            CREATE TABLE persistence_ids (
              id INTEGER PRIMARY KEY,
              name TEXT NOT NULL UNIQUE,
              deleted_to INTEGER NOT NULL DEFAULT 0
            ) STRICT;
            CREATE TABLE events (
              position INTEGER PRIMARY KEY,
              id INTEGER NOT NULL,
              seq INTEGER NOT NULL CHECK (seq > 0),
              written INTEGER NOT NULL,
              writer TEXT NOT NULL,
              manifest TEXT NOT NULL,
              type TEXT NOT NULL,
              payload BLOB,
              sum INTEGER NOT NULL,
              UNIQUE (id, seq)
            ) STRICT;
            """),
        new Migration(2, "snapshots", """
            CREATE TABLE snapshots (
              id INTEGER NOT NULL,
              seq INTEGER NOT NULL,
              taken INTEGER NOT NULL,
              type TEXT NOT NULL,
              payload BLOB NOT NULL,
              sum INTEGER NOT NULL,
              PRIMARY KEY (id, seq)
            ) STRICT;
            """),
    ];
}
