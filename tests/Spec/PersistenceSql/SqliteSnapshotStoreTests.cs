using Picket.Actors.Persistence.Snapshot;
using Picket.Actors.Persistence.Sql.Sqlite;
using Picket.Spec.Persistence;

namespace Picket.Spec.PersistenceSql;

public sealed class SqliteSnapshotStoreTests : SnapshotConformance
{
    private readonly StoreFolder _folder = new();
    private readonly Reopened<SqliteStore> _store;

    public SqliteSnapshotStoreTests() => _store = _folder.NewStore();

    protected override async Task<ISnapshotStore> OpenAsync() => (await _store.OpenAsync()).Snapshots;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _store.DisposeAsync();
        _folder.Dispose();
    }
}
