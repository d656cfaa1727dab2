using Picket.Actors.Persistence.Journal;
using Picket.Actors.Persistence.Sql;
using Picket.Node.Options;
using Picket.Node.Storage;
using Picket.Spec.PersistenceSql;

namespace Picket.Spec.Hosting;

/// <summary>The node's database is opened when it is needed, and again when that failed.</summary>
public sealed class NodeStoreTests : IDisposable
{
    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_cannot_be_opened_fails_the_call_and_is_tried_again_by_the_next()
    {
        await File.WriteAllTextAsync(_folder.Database, "a letter", TestContext.Current.CancellationToken);
        await using var store = Make();
        store.Prepare();
        await Assert.ThrowsAsync<JournalCorruptException>(() => store.ReadHighestSequenceNrAsync("a", TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<JournalCorruptException>(() => StoreFolder.WriteAsync(store, "a", 1, 1));
        File.Delete(_folder.Database);
        await StoreFolder.WriteAsync(store, "a", 1, 3);
        Assert.Equal(3, (await StoreFolder.ReplayAsync(store, "a")).Count);
    }

    [Fact]
    public async Task A_disk_without_room_fails_the_call_and_takes_it_when_there_is_room()
    {
        using var disk = TemporaryDisk.Mount(_folder.Folder, "size=64k");
        await using var store = Make(Path.Combine(disk.Folder, "store.db"));
        Assert.Equal(SqlFailure.Full, (await Assert.ThrowsAsync<SqlStoreException>(() => StoreFolder.WriteAsync(store, "a", 1, 1))).Kind);
        disk.Remount("size=8m");
        await StoreFolder.WriteAsync(store, "a", 1, 1);
        await store.DisposeAsync();
    }

    [Fact]
    public async Task Once_closed_it_stays_closed()
    {
        var store = Make();
        await StoreFolder.WriteAsync(store, "a", 1, 1);
        await store.DisposeAsync();
        await store.DisposeAsync();
        Assert.Equal(SqlFailure.Closed, (await Assert.ThrowsAsync<SqlStoreException>(() => StoreFolder.WriteAsync(store, "a", 2, 1))).Kind);
        await using var next = Make();
        Assert.Single(await StoreFolder.ReplayAsync(next, "a"));
    }

    [Fact]
    public void Without_a_database_there_is_no_store() => Assert.Null(NodeStores.Of(StoreOptions.None, TimeProvider.System));

    private NodeStore Make(string? path = null) =>
        NodeStores.Of(new StoreOptions(_folder.Options with { Path = path ?? _folder.Database }, null), TimeProvider.System)!;
}
