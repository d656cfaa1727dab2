using System.Runtime.Versioning;
using Picket.Actors.Persistence.Snapshot;
using Picket.Actors.Persistence.Sql.Postgres;
using Picket.Spec.Persistence;

namespace Picket.Spec.PersistenceSql;

[Collection(PostgresCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class PostgresSnapshotStoreTests(PostgresFixture server) : SnapshotConformance
{
    private readonly Reopened<PostgresStore> _store = server.NewStore();

    protected override async Task<ISnapshotStore> OpenAsync() => (await _store.OpenAsync()).Snapshots;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _store.DisposeAsync();
    }
}
