using Picket.Actors.Persistence.Sql.Sqlite;

namespace Picket.Spec.PersistenceSql;

/// <summary>Closes a store at the end of a block that cannot await.</summary>
internal sealed class StoreCloser(SqliteStore store) : IDisposable
{
    public void Dispose() => store.DisposeAsync().AsTask().GetAwaiter().GetResult();
}
