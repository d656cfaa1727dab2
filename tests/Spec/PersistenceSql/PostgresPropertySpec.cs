using System.Runtime.Versioning;
using Picket.Actors.Persistence.Sql.Postgres;

namespace Picket.Spec.PersistenceSql;

[Collection(PostgresCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class PostgresPropertySpec(PostgresFixture server)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Histories_stay_whole_while_all_work_at_once(int seed)
    {
        await using var store = await PostgresStore.OpenAsync(server.NewOptions(), TestContext.Current.CancellationToken);
        await StoreProperties.HoldAsync(store.Journal, store.Snapshots, seed * 1000);
    }
}
