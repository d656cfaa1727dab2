using System.Runtime.Versioning;
using Picket.Actors.Persistence;
using Picket.Actors.Persistence.Journal;
using Picket.Actors.Persistence.Sql;
using Picket.Actors.Persistence.Sql.Postgres;

namespace Picket.Spec.PersistenceSql;

[Collection(PostgresCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class PostgresMigrationSpec(PostgresFixture server)
{
    private readonly PostgresOptions _options = server.NewOptions();

    private string Schema => PostgresTables.Quote(_options.Schema);

    [Fact]
    public async Task Nodes_that_start_at_once_make_the_schema_once()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PostgresStore.OpenAsync(_options, TestContext.Current.CancellationToken)));
        Assert.Equal((long)PostgresSchema.Migrations.Count, await server.ExecuteAsync($"SELECT count(*) FROM {Schema}.migrations"));
        for (var i = 0; i < stores.Length; i++) await StoreFolder.WriteAsync(stores[i].Journal, $"id {i}", 1, 1);
        foreach (var store in stores) await store.DisposeAsync();
    }

    [Fact]
    public async Task A_schema_of_version_1_is_read_and_written_by_this_one()
    {
        await server.ExecuteAsync($"""
            CREATE SCHEMA {Schema};
            {PostgresSchema.Migrations[0].Script.Replace(PostgresSchema.Placeholder, Schema, StringComparison.Ordinal)}
            INSERT INTO {Schema}.migrations VALUES (1, 'events', 'd1a766af81543f845a6c54a6a773fd7153ae26489296ebd45717aa439dd55366', 638000000000000000);
            INSERT INTO {Schema}.persistence_ids (name, deleted_to) VALUES ('a', 1);
            INSERT INTO {Schema}.events VALUES (1, 2, 638000000000000002, 'w', '', 'string', 'second', 252225322);
            INSERT INTO {Schema}.events VALUES (1, 3, 638000000000000003, 'w', '', '', NULL, 3008206529);
            INSERT INTO {Schema}.events VALUES (1, 4, 638000000000000004, 'w', 'm', 'long', '\x2A00000000000000', 3158012175);
            """);
        await using var store = await PostgresStore.OpenAsync(_options, TestContext.Current.CancellationToken);
        var events = await StoreFolder.ReplayAsync(store.Journal, "a");
        Assert.Equal(["second", "", 42L], events.Select(e => e.Payload));
        await store.Snapshots.SaveAsync(new SnapshotMetadata("a", 4), "state", TestContext.Current.CancellationToken);
        Assert.Equal("state", (await store.Snapshots.LoadAsync("a", SnapshotSelectionCriteria.Latest, TestContext.Current.CancellationToken))!.Snapshot);
        await StoreFolder.WriteAsync(store.Journal, "a", 5, 1);
    }

    [Theory]
    [InlineData("INSERT INTO {0}.migrations VALUES (99, 'later', 'x', 0)")]
    public async Task A_newer_schema_is_refused(string sql)
    {
        await MakeAsync(sql);
        Assert.Equal(SqlFailure.NewerSchema, (await Assert.ThrowsAsync<SqlStoreException>(OpenAsync)).Kind);
    }

    [Theory]
    [InlineData("UPDATE {0}.migrations SET checksum = 'x' WHERE version = 1", "was not made by this program")]
    [InlineData("DELETE FROM {0}.migrations WHERE version = 1", "not on its list")]
    [InlineData("DROP TABLE {0}.migrations", "that this program did not make")]
    public async Task An_altered_schema_is_refused(string sql, string said)
    {
        await MakeAsync(sql);
        var refused = await Assert.ThrowsAsync<JournalCorruptException>(OpenAsync);
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
        Assert.Contains(_options.Schema, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DELETE FROM {0}.events WHERE seq IN (3, 4)", "events 3 to 4 are missing")]
    [InlineData("UPDATE {0}.events SET payload = 'x' WHERE seq = 3", "checksum")]
    [InlineData("UPDATE {0}.events SET type = 'x' WHERE seq = 3", "checksum")]
    public async Task A_history_with_foreign_hands_in_it_is_refused(string sql, string said)
    {
        await MakeAsync(sql);
        await using var store = await PostgresStore.OpenAsync(_options, TestContext.Current.CancellationToken);
        var corrupt = await Assert.ThrowsAsync<JournalCorruptException>(() => StoreFolder.ReplayAsync(store.Journal, "a"));
        Assert.Contains(said, corrupt.Message, StringComparison.Ordinal);
        Assert.Equal(("a", 3L), (corrupt.PersistenceId, corrupt.SequenceNr));
    }

    private Task OpenAsync() => PostgresStore.OpenAsync(_options, TestContext.Current.CancellationToken);

    private async Task MakeAsync(string sql)
    {
        await using (var store = await PostgresStore.OpenAsync(_options, TestContext.Current.CancellationToken)) await StoreFolder.WriteAsync(store.Journal, "a", 1, 5);
        await server.ExecuteAsync(sql.Replace("{0}", Schema, StringComparison.Ordinal));
    }
}
