using Picket.Actors.Persistence.Sql.Schema;

namespace Picket.Actors.Persistence.Sql.Postgres;

/// <summary>The tables and how they came about.</summary>
internal static class PostgresSchema
{
    /// <summary>Stands for the schema's quoted name, so that a script's checksum is the same in all.</summary>
    public const string Placeholder = "{schema}";

    /// <summary>All steps. Released ones never change; a new one is put behind them.</summary>
    public static IReadOnlyList<Migration> Migrations { get; } =
    [
        new Migration(1, "events", """
            CREATE TABLE {schema}.migrations (
              version bigint PRIMARY KEY,
              name text NOT NULL,
              checksum text NOT NULL,
              applied bigint NOT NULL
            );
            CREATE TABLE {schema}.persistence_ids (
              id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
              name text COLLATE "C" NOT NULL UNIQUE,
              deleted_to bigint NOT NULL DEFAULT 0
            );
            CREATE TABLE {schema}.events (
              id bigint NOT NULL,
              seq bigint NOT NULL CHECK (seq > 0),
              written bigint NOT NULL,
              writer text NOT NULL,
              manifest text NOT NULL,
              type text NOT NULL,
              payload bytea,
              sum bigint NOT NULL,
              PRIMARY KEY (id, seq)
            );
            """),
        new Migration(2, "snapshots", """
            CREATE TABLE {schema}.snapshots (
              id bigint NOT NULL,
              seq bigint NOT NULL,
              taken bigint NOT NULL,
              type text NOT NULL,
              payload bytea NOT NULL,
              sum bigint NOT NULL,
              PRIMARY KEY (id, seq)
            );
            """),
    ];
}
