namespace Picket.Spec.PersistenceSql;

public sealed class SqlitePropertySpec : StoreFolderSpec
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Histories_stay_whole_while_all_work_at_once(int seed)
    {
        await using var store = Home.Open();
        await StoreProperties.HoldAsync(store.Journal, store.Snapshots, seed * 1000);
    }
}
