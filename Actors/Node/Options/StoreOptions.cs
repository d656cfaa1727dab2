using Picket.Actors.Persistence.Sql.Postgres;
using Picket.Actors.Persistence.Sql.Sqlite;

namespace Picket.Node.Options;

/// <summary>The database in which actors of the node keep what must survive a restart; one of the two, or none.</summary>
/// <param name="Sqlite">A file of the node's own; null when it is another.</param>
/// <param name="Postgres">A server; null when it is another.</param>
internal sealed record StoreOptions(SqliteOptions? Sqlite, PostgresOptions? Postgres)
{
    /// <summary>Nothing survives a restart.</summary>
    public static StoreOptions None { get; } = new(null, null);
}
