using Microsoft.Data.Sqlite;
using Picket.Actors.Persistence;
using Picket.Actors.Persistence.Journal;
using Picket.Actors.Persistence.Sql.Postgres;
using Picket.Actors.Persistence.Sql.Schema;
using Picket.Actors.Persistence.Sql.Sqlite;

namespace Picket.Spec.PersistenceSql;

/// <summary>A database that an older version made is opened, brought up to date, and has lost nothing.</summary>
public sealed class MigrationSpec : StoreFolderSpec
{
    /// <summary>What version 1 made and wrote, as text: it must be readable for ever.</summary>
    private const string Version1 = """
        PRAGMA application_id=1346587466;
        CREATE TABLE migrations (
          version INTEGER PRIMARY KEY,
          name TEXT NOT NULL,
          checksum TEXT NOT NULL,
          applied INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE persistence_ids (
          id INTEGER PRIMARY KEY,
          name TEXT NOT NULL UNIQUE,
          deleted_to INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        CREATE TABLE events (
          position INTEGER PRIMARY KEY,
          id INTEGER NOT NULL,
          seq INTEGER NOT NULL CHECK (seq > 0),
          written INTEGER NOT NULL,
          writer TEXT NOT NULL,
          manifest TEXT NOT NULL,
          type TEXT NOT NULL,
          payload BLOB,
          sum INTEGER NOT NULL,
          UNIQUE (id, seq)
        ) STRICT;
        INSERT INTO migrations VALUES (1, 'events', 'a3daf9a38c540a626503ed42d5e23fa1b4fc7ed86a38f99a73142feee0403ede', 638000000000000000);
        INSERT INTO persistence_ids VALUES (1, 'a', 1);
        INSERT INTO events VALUES (2, 1, 2, 638000000000000002, 'w', '', 'string', CAST('second' AS BLOB), 252225322);
        INSERT INTO events VALUES (3, 1, 3, 638000000000000003, 'w', '', '', NULL, 3008206529);
        INSERT INTO events VALUES (4, 1, 4, 638000000000000004, 'w', 'm', 'long', x'2A00000000000000', 3158012175);
        PRAGMA user_version=1;
        """;

    [Fact]
    public async Task A_database_of_version_1_is_read_and_written_by_this_one()
    {
        MakeVersion1();
        await using (var store = Home.Open())
        {
            var events = await StoreFolder.ReplayAsync(store.Journal, "a");
            Assert.Equal(["second", "", 42L], events.Select(e => e.Payload));
            Assert.Equal([(2L, false), (3, true), (4, false)], events.Select(e => (e.SequenceNr, e.IsDeleted)));
            Assert.Equal(("m", "w", 638000000000000004L), (events[2].Manifest, events[2].WriterGuid, events[2].Timestamp));
            await store.Snapshots.SaveAsync(new SnapshotMetadata("a", 4), "state", TestContext.Current.CancellationToken);
            await StoreFolder.WriteAsync(store.Journal, "a", 5, 1);
        }

        await using var again = Home.Open();
        Assert.Equal(4, (await StoreFolder.ReplayAsync(again.Journal, "a")).Count);
        Assert.Equal("state", (await again.Snapshots.LoadAsync("a", SnapshotSelectionCriteria.Latest, TestContext.Current.CancellationToken))!.Snapshot);
    }

    [Fact]
    public void A_step_that_fails_leaves_the_version_before_it()
    {
        MakeVersion1();
        using var connection = SqliteConnections.Open(Home.Database, TimeSpan.Zero);
        Migration[] broken =
        [
            .. SqliteSchema.Migrations, new Migration(3, "good", "CREATE TABLE good (a) STRICT".Replace(" STRICT", "", StringComparison.Ordinal)),
            new Migration(4, "bad", "CREATE TABLE half (a); INSERT INTO nowhere VALUES (1)"),
        ];
        Assert.Throws<SqliteException>(() => SqliteMigrations.Apply(connection, broken, TimeProvider.System, Home.Database));
        Assert.Equal(3, connection.Number("PRAGMA user_version"));
        Assert.Equal(3, connection.Number("SELECT count(*) FROM migrations"));
        Assert.Equal(0, connection.Number("SELECT count(*) FROM sqlite_schema WHERE name = 'half'"));
        SqliteMigrations.Apply(connection, broken[..3], TimeProvider.System, Home.Database);
    }

    /// <summary>These are in databases out there. A new step is a new line; a changed line is a broken upgrade.</summary>
    [Fact]
    public void What_was_released_never_changes()
    {
        Assert.Equal(["1 events a3daf9a38c540a626503ed42d5e23fa1b4fc7ed86a38f99a73142feee0403ede", "2 snapshots d8119287948b13c237c8e4ea584916db0931e7fd56e4a5b24d2cbfcd3f75ec6b"], SqliteSchema.Migrations.Select(Line));
        Assert.Equal(["1 events d1a766af81543f845a6c54a6a773fd7153ae26489296ebd45717aa439dd55366", "2 snapshots 0e8c9249e010605099b1f9028ed76b9a20e0b1f0e282c6a5a667276279a44f09"], PostgresSchema.Migrations.Select(Line));
    }

    [Fact]
    public void A_checksum_does_not_depend_on_how_lines_end() =>
        Assert.Equal(new Migration(1, "x", "a\nb").Checksum, new Migration(1, "x", "a\r\nb").Checksum);

    [Theory]
    [InlineData("", 2)]
    [InlineData("1", 1)]
    [InlineData("1 2", 0)]
    public void What_is_missing_is_run_in_order(string applied, int missing) => Assert.Equal(missing, Missing(applied).Count());

    [Theory]
    [InlineData("2")]
    [InlineData("1 1")]
    public void A_list_with_a_hole_is_refused(string applied) => Assert.Throws<JournalCorruptException>(() => Missing(applied).ToList());

    private static IEnumerable<Migration> Missing(string applied) => MigrationPlan.Missing(SqliteSchema.Migrations,
        [.. applied.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).Select(version => new AppliedMigration(version, SqliteSchema.Migrations[version - 1].Checksum))], "here");

    private static string Line(Migration migration) => $"{migration.Version} {migration.Name} {migration.Checksum}";

    private void MakeVersion1()
    {
        SqliteLibrary.Require();
        using var connection = new SqliteConnection($"Data Source={Home.Database};Pooling=False");
        connection.Open();
        connection.Execute(Version1);
    }
}
