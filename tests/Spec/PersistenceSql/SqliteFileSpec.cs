using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Picket.Actors.Persistence.Journal;
using Picket.Actors.Persistence.Sql;
using Picket.Actors.Persistence.Sql.Sqlite;

namespace Picket.Spec.PersistenceSql;

/// <summary>What the file and its log look like, and what a disk may do to them.</summary>
public sealed class SqliteFileSpec : StoreFolderSpec
{
    [Fact]
    public async Task All_files_are_the_owners_alone_and_only_the_database_and_its_lock_stay()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "modes are Unix's");
        await using (var store = SqliteStore.Open(Home.Options with { Path = Path.Combine(Home.Folder, "new", "events.db") }))
        {
            await StoreFolder.WriteAsync(store.Journal, "a", 1, 1);
            Assert.Equal("rwx------", Mode(Path.GetDirectoryName(store.Path)!));
            Assert.All(Directory.GetFiles(Path.GetDirectoryName(store.Path)!), file => Assert.Equal("rw-------", Mode(file)));
        }

        Assert.Equal(["events.db", "events.db.lock"], Directory.GetFiles(Path.Combine(Home.Folder, "new")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_file_says_whose_it_is_and_which_version()
    {
        await using var store = Home.Open();
        using var other = SqliteConnections.Open(Home.Database, TimeSpan.Zero);
        Assert.Equal(SqliteSchema.ApplicationId, other.Number("PRAGMA application_id"));
        Assert.Equal(SqliteSchema.Migrations.Count, other.Number("PRAGMA user_version"));
        Assert.Equal(0, other.Number("PRAGMA mmap_size"));
        using var mode = new SqliteCommand("PRAGMA journal_mode", other);
        Assert.Equal("wal", mode.ExecuteScalar());
    }

    [Fact]
    public async Task The_log_is_bounded_while_many_write_and_read()
    {
        await using var store = SqliteStore.Open(Home.Options with { WalLimitBytes = 1 << 20 });
        var longest = 0L;
        for (var i = 0; i < 60; i++)
        {
            await StoreFolder.WriteAsync(store.Journal, "a", 1 + (i * 100), 100, new string('x', 1000));
            // A reader that stays on its first page holds nothing.
            await using var slow = store.Journal.ReplayAsync("a", 1, long.MaxValue, long.MaxValue, CancellationToken.None).GetAsyncEnumerator(TestContext.Current.CancellationToken);
            Assert.True(await slow.MoveNextAsync());
            longest = Math.Max(longest, new FileInfo(Home.Database + "-wal").Length);
        }

        Assert.InRange(longest, 1, 3 << 20);
        Assert.True(new FileInfo(Home.Database).Length > 6 << 20);
    }

    [Fact]
    public async Task The_log_is_cut_again_when_a_foreign_reader_has_gone()
    {
        await using var store = SqliteStore.Open(Home.Options with { WalLimitBytes = 1 << 20 });
        await StoreFolder.WriteAsync(store.Journal, "a", 1, 1);
        using (var backup = SqliteConnections.Open(Home.Database, TimeSpan.Zero))
        {
            backup.Execute("BEGIN; SELECT count(*) FROM events");
            for (var i = 0; i < 20; i++) await StoreFolder.WriteAsync(store.Journal, "a", 2 + (i * 200), 200, new string('x', 1000));
            Assert.True(new FileInfo(Home.Database + "-wal").Length > 2 << 20);
        }

        for (var i = 0; i < 10; i++) await StoreFolder.WriteAsync(store.Journal, "b", 1 + (i * 200), 200, new string('x', 1000));
        Assert.InRange(new FileInfo(Home.Database + "-wal").Length, 0, 2 << 20);
    }

    [Fact]
    public async Task With_no_room_left_writing_fails_clearly_and_goes_on_when_there_is_room()
    {
        await using var store = SqliteStore.Open(Home.Options with { MaxBytes = 1 << 20 });
        var (stored, failure) = await FillAsync(store.Journal);
        Assert.Equal(SqlFailure.Full, failure.Kind);
        Assert.Contains(Home.Database, failure.Message, StringComparison.Ordinal);
        Assert.Equal(stored, (await StoreFolder.ReplayAsync(store.Journal, "a")).Count);
        await store.Journal.DeleteToAsync("a", stored, TestContext.Current.CancellationToken);
        await StoreFolder.WriteAsync(store.Journal, "a", stored + 1, 100, new string('x', 1000));
        Assert.Equal(100, (await StoreFolder.ReplayAsync(store.Journal, "a")).Count);
    }

    [Fact]
    public async Task On_a_full_disk_writing_fails_clearly_and_goes_on_when_there_is_room()
    {
        using var disk = TemporaryDisk.Mount(Home.Folder, "size=3m");
        await using var store = SqliteStore.Open(Home.Options with { Path = Path.Combine(disk.Folder, "events.db") });
        var ballast = Path.Combine(disk.Folder, "ballast");
        await File.WriteAllBytesAsync(ballast, new byte[1 << 20], TestContext.Current.CancellationToken);
        var (stored, failure) = await FillAsync(store.Journal);
        Assert.Equal(SqlFailure.Full, failure.Kind);
        Assert.Contains("no room", failure.Message, StringComparison.Ordinal);
        Assert.Equal(stored, (await StoreFolder.ReplayAsync(store.Journal, "a")).Count);
        File.Delete(ballast);
        await StoreFolder.WriteAsync(store.Journal, "a", stored + 1, 10, new string('x', 1000));
        Assert.Equal(stored + 10, (await StoreFolder.ReplayAsync(store.Journal, "a")).Count);
    }

    [Fact]
    public async Task A_read_only_disk_is_said_when_the_store_opens()
    {
        using var disk = TemporaryDisk.Mount(Home.Folder, "size=3m");
        var options = Home.Options with { Path = Path.Combine(disk.Folder, "events.db") };
        await using (var store = SqliteStore.Open(options)) await StoreFolder.WriteAsync(store.Journal, "a", 1, 1);
        disk.Remount("ro");
        var refused = Assert.Throws<SqlStoreException>(() => SqliteStore.Open(options));
        Assert.Equal(SqlFailure.ReadOnly, refused.Kind);
        Assert.Contains(options.Path, refused.Message, StringComparison.Ordinal);
        disk.Remount("rw");
        await using var again = SqliteStore.Open(options);
        Assert.Single(await StoreFolder.ReplayAsync(again.Journal, "a"));
    }

    [Fact]
    public async Task A_read_only_file_is_said_when_the_store_opens()
    {
        using var disk = TemporaryDisk.Mount(Home.Folder, "size=3m");
        var options = Home.Options with { Path = Path.Combine(disk.Folder, "events.db") };
        await using (var store = SqliteStore.Open(options)) await StoreFolder.WriteAsync(store.Journal, "a", 1, 1);
        using (var pinned = TemporaryDisk.PinReadOnly(options.Path))
        {
            var refused = Assert.Throws<SqlStoreException>(() => SqliteStore.Open(options));
            Assert.Equal(SqlFailure.ReadOnly, refused.Kind);
        }

        await using var again = SqliteStore.Open(options);
        Assert.Single(await StoreFolder.ReplayAsync(again.Journal, "a"));
    }

    [Theory]
    [InlineData("", "Path")]
    [InlineData(":memory:", "Path")]
    [InlineData("file:x?mode=memory", "Path")]
    public void A_path_that_names_no_file_is_refused(string path, string said) =>
        Assert.Contains(said, Assert.ThrowsAny<ArgumentException>(() => SqliteStore.Open(Home.Options with { Path = path })).Message, StringComparison.OrdinalIgnoreCase);

    [Fact]
    public void Options_out_of_range_are_named()
    {
        Wrong(nameof(SqliteOptions.BusyTimeout), Home.Options with { BusyTimeout = TimeSpan.FromSeconds(-1) });
        Wrong(nameof(SqliteOptions.BusyTimeout), Home.Options with { BusyTimeout = TimeSpan.FromHours(2) });
        Wrong(nameof(SqliteOptions.CheckUpToBytes), Home.Options with { CheckUpToBytes = -1 });
        Wrong(nameof(SqliteOptions.WalLimitBytes), Home.Options with { WalLimitBytes = 1 });
        Wrong(nameof(SqliteOptions.MaxBytes), Home.Options with { MaxBytes = 1 });
        Wrong(nameof(SqliteOptions.Readers), Home.Options with { Readers = 0 });
        Wrong(nameof(SqliteOptions.Durability), Home.Options with { Durability = (SqliteDurability)7 });
        Assert.False(File.Exists(Home.Database));
    }

    private static void Wrong(string name, SqliteOptions options) =>
        Assert.Contains(name, Assert.Throws<ArgumentException>(() => SqliteStore.Open(options)).Message, StringComparison.Ordinal);

    private static string Mode(string path)
    {
        using var stat = Process.Start(new ProcessStartInfo("stat", ["-c", "%A", path]) { RedirectStandardOutput = true })!;
        return stat.StandardOutput.ReadToEnd().Trim()[1..];
    }

    private static async Task<(int Stored, SqlStoreException Failure)> FillAsync(IEventJournal journal)
    {
        for (var nr = 1; ; nr++)
        {
            Assert.True(nr < 10_000, "the disk takes more than it has");
            try
            {
                await StoreFolder.WriteAsync(journal, "a", nr, 1, new string('x', 10_000));
            }
            catch (SqlStoreException failure)
            {
                return (nr - 1, failure);
            }
        }
    }
}
