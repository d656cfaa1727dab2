using System.Runtime.Versioning;
using Picket.Actors.Persistence.Snapshot;
using Picket.Actors.Persistence.Sql.Postgres;
using Picket.Spec.Persistence;

namespace Picket.Spec.PersistenceSql;

[Collection(PostgresCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class PostgresSnapshotStoreTests(PostgresFixture server) : SnapshotConformance
{
    private readonly PostgresOptions _options = server.NewOptions();
    private PostgresStore? _store;

    protected override async Task<ISnapshotStore> OpenAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
        _store = await PostgresStore.OpenAsync(_options);
        return _store.Snapshots;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _store!.DisposeAsync();
    }
}
