using Picket.Actors.Persistence.Snapshot;
using Picket.Actors.Persistence.Sql.Sqlite;
using Picket.Spec.Persistence;

namespace Picket.Spec.PersistenceSql;

public sealed class SqliteSnapshotStoreTests : SnapshotConformance
{
    private readonly StoreFolder _folder = new();
    private SqliteStore? _store;

    protected override async Task<ISnapshotStore> OpenAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
        _store = _folder.Open();
        return _store.Snapshots;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _store!.DisposeAsync();
        _folder.Dispose();
    }
}
