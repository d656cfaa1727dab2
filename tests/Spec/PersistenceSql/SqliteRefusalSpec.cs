using System.Diagnostics;
using System.Text;
using Microsoft.Data.Sqlite;
using Picket.Actors.Persistence.Journal;
using Picket.Actors.Persistence.Sql;
using Picket.Actors.Persistence.Sql.Sqlite;

namespace Picket.Spec.PersistenceSql;

/// <summary>What is not a sound database of ours is refused with its name, and not a byte of it changes.</summary>
public sealed class SqliteRefusalSpec : StoreFolderSpec
{
    [Theory]
    [InlineData("", "empty")]
    [InlineData("just some text, longer than the sixteen bytes of a magic", "not a SQLite database")]
    [InlineData("SQLite format 3\0 and then an end", "cut")]
    public void A_file_that_is_no_database_is_refused(string content, string said)
    {
        File.WriteAllText(Home.Database, content);
        Refused<JournalCorruptException>(said);
    }

    [Fact]
    public void A_database_of_another_program_is_refused_and_its_log_is_not_worked_off()
    {
        // Killed and not closed, so that the log stays.
        using var owner = Sqlite3($"PRAGMA journal_mode=WAL; CREATE TABLE t (a); INSERT INTO t VALUES (1);");
        Assert.True(new FileInfo(Home.Database + "-wal").Length > 0);
        Refused<JournalCorruptException>("another program");
    }

    [Fact]
    public async Task A_database_that_was_cut_is_refused()
    {
        await Home.MakeAsync(500, new string('x', 500));
        using (var file = File.OpenWrite(Home.Database)) file.SetLength(file.Length / 2);
        Refused<JournalCorruptException>("cut");
    }

    [Fact]
    public async Task A_damaged_page_is_found_when_the_database_opens()
    {
        await Home.MakeAsync(2000, new string('x', 200));
        Overwrite(4096 * 20, 200);
        Refused<JournalCorruptException>("damaged");
    }

    [Fact]
    public async Task A_damaged_page_that_was_not_looked_for_is_found_by_who_reads_it_and_the_rest_works()
    {
        await Home.MakeAsync(2000, new string('x', 200));
        Overwrite(4096 * 20, 200);
        await using var store = SqliteStore.Open(Home.Options with { CheckUpToBytes = 0 });
        var failure = await Assert.ThrowsAnyAsync<JournalException>(() => StoreFolder.ReplayAsync(store.Journal, "a"));
        Assert.Contains(Home.Database, failure.Message, StringComparison.Ordinal);
        await StoreFolder.WriteAsync(store.Journal, "b", 1, 10);
        Assert.Equal(10, (await StoreFolder.ReplayAsync(store.Journal, "b")).Count);
    }

    [Fact]
    public async Task A_flipped_bit_in_a_payload_is_found_with_its_place()
    {
        await Home.MakeAsync(5, "needle");
        var bytes = File.ReadAllBytes(Home.Database);
        bytes[bytes.AsSpan().IndexOf("needle 3"u8)] ^= 1;
        File.WriteAllBytes(Home.Database, bytes);
        await using var store = Home.Open();
        var corrupt = await Assert.ThrowsAsync<JournalCorruptException>(() => StoreFolder.ReplayAsync(store.Journal, "a"));
        Assert.Equal(("a", 3L), (corrupt.PersistenceId, corrupt.SequenceNr));
        Assert.Contains("checksum", corrupt.Message, StringComparison.Ordinal);
        Assert.Contains(Home.Database, corrupt.Place, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DELETE FROM events WHERE seq IN (3, 4)", "events 3 to 4 are missing", 3)]
    [InlineData("DELETE FROM events WHERE seq = 1", "event 1 is missing", 1)]
    [InlineData("UPDATE events SET seq = 6 WHERE seq = 5", "event 5 is missing, 6 is there", 5)]
    [InlineData("UPDATE events SET type = 'other' WHERE seq = 2", "checksum", 2)]
    [InlineData("INSERT INTO persistence_ids (name) VALUES ('b'); UPDATE events SET id = 2, seq = 1 WHERE seq = 5", null, 0)]
    public async Task A_history_with_foreign_hands_in_it_is_refused(string sql, string? said, long number)
    {
        await Home.MakeAsync(5);
        Home.Execute(sql);
        await using var store = Home.Open();
        if (said is null)
        {
            // The row of another id is not taken for one of this.
            await Assert.ThrowsAsync<JournalCorruptException>(() => StoreFolder.ReplayAsync(store.Journal, "b"));
            return;
        }

        var corrupt = await Assert.ThrowsAsync<JournalCorruptException>(() => StoreFolder.ReplayAsync(store.Journal, "a"));
        Assert.Contains(said, corrupt.Message, StringComparison.Ordinal);
        Assert.Equal(("a", number), (corrupt.PersistenceId, corrupt.SequenceNr));
    }

    [Theory]
    [InlineData("PRAGMA user_version=99", "version 99")]
    [InlineData("INSERT INTO migrations VALUES (99, 'later', 'x', 0); PRAGMA user_version=99", "version 99")]
    public async Task A_newer_schema_is_refused(string sql, string said)
    {
        await Home.MakeAsync();
        Home.Execute(sql);
        Assert.Equal(SqlFailure.NewerSchema, Refused<SqlStoreException>(said).Kind);
    }

    [Fact]
    public async Task A_newer_schema_that_only_the_log_knows_of_is_refused()
    {
        await Home.MakeAsync();
        using var owner = Sqlite3("PRAGMA user_version=99;");
        Assert.Equal(SqlFailure.NewerSchema, Refused<SqlStoreException>("version 99").Kind);
    }

    [Theory]
    [InlineData("UPDATE migrations SET checksum = 'x' WHERE version = 1", "was not made by this program")]
    [InlineData("DROP TABLE migrations", "migrations is missing")]
    [InlineData("DELETE FROM migrations WHERE version = 2", "list of migrations does not")]
    [InlineData("DROP TABLE events", "the schema is not the one")]
    [InlineData("ALTER TABLE events RENAME COLUMN sum TO total", "the schema is not the one")]
    public async Task An_altered_schema_is_refused(string sql, string said)
    {
        await Home.MakeAsync();
        Home.Execute(sql);
        Refused<JournalCorruptException>(said);
    }

    [Fact]
    public void AHome_and_a_pipe_are_no_files()
    {
        Directory.CreateDirectory(Home.Database);
        Assert.Contains("folder", Assert.Throws<JournalCorruptException>(Home.Open).Message, StringComparison.Ordinal);
        Directory.Delete(Home.Database);
        Assert.SkipUnless(OperatingSystem.IsLinux(), "named pipes are Linux's here");
        using var made = Process.Start("mkfifo", [Home.Database]);
        made.WaitForExit();
        Assert.Contains("regular", Assert.Throws<JournalCorruptException>(Home.Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_without_its_database_is_not_played_into_a_new_one()
    {
        await Home.MakeAsync();
        using (var owner = Sqlite3("UPDATE persistence_ids SET name = 'b';")) File.Delete(Home.Database);
        Assert.Contains("-wal", Assert.Throws<JournalCorruptException>(Home.Open).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Home.Database));
    }

    [Fact]
    public async Task A_second_owner_is_refused_until_the_first_has_closed()
    {
        await using (var first = Home.Open())
        {
            var refused = Assert.Throws<SqlStoreException>(Home.Open);
            Assert.Equal(SqlFailure.Locked, refused.Kind);
            Assert.Contains("in use", refused.Message, StringComparison.Ordinal);
            File.CreateSymbolicLink(Path.Combine(Home.Folder, "link.db"), Home.Database);
            var byLink = Home.Options with { Path = Path.Combine(Home.Folder, "link.db") };
            Assert.Equal(SqlFailure.Locked, Assert.Throws<SqlStoreException>(() => SqliteStore.Open(byLink)).Kind);
            await StoreFolder.WriteAsync(first.Journal, "a", 1, 3);
        }

        await using var second = Home.Open();
        Assert.Equal(3, (await StoreFolder.ReplayAsync(second.Journal, "a")).Count);
    }

    [Fact]
    public async Task A_write_that_waits_too_long_for_another_programs_lock_says_so_and_the_next_goes_on()
    {
        await using var store = SqliteStore.Open(Home.Options with { BusyTimeout = TimeSpan.FromMilliseconds(50) });
        using (var other = new SqliteConnection($"Data Source={Home.Database};Pooling=False"))
        {
            other.Open();
            other.Execute("BEGIN IMMEDIATE");
            var failure = await Assert.ThrowsAsync<SqlStoreException>(() => StoreFolder.WriteAsync(store.Journal, "a", 1, 1));
            Assert.Equal(SqlFailure.Locked, failure.Kind);
        }

        await StoreFolder.WriteAsync(store.Journal, "a", 1, 1);
        Assert.Single(await StoreFolder.ReplayAsync(store.Journal, "a"));
    }

    [Fact]
    public void What_a_dead_creator_left_is_begun_anew()
    {
        File.WriteAllText(Home.Database + ".new", "half of it");
        File.WriteAllText(Home.Database + ".new-journal", "half of it");
        using (var _ = Closing(Home.Open()))
        {
        }

        Assert.False(File.Exists(Home.Database + ".new"));
        Assert.True(File.Exists(Home.Database));
    }

    private static StoreCloser Closing(SqliteStore store) => new(store);

    private T Refused<T>(string said) where T : JournalException
    {
        var before = Bytes();
        var refused = Assert.Throws<T>(Home.Open);
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
        Assert.Contains(Home.Database, refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, Bytes());
        return refused;
    }

    /// <summary>The database and its log.</summary>
    private (string Database, string Log) Bytes() => (Hash(Home.Database), Hash(Home.Database + "-wal"));

    private static string Hash(string path)
    {
        // An empty log is none.
        if (!File.Exists(path) || new FileInfo(path).Length == 0) return "";
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(file));
    }

    private void Overwrite(long at, int count)
    {
        using var file = File.OpenWrite(Home.Database);
        Assert.True(file.Length > at + count);
        file.Position = at;
        file.Write(Encoding.ASCII.GetBytes(new string('?', count)));
    }

    /// <summary>A connection that has run a script and is open until it is disposed of; its log stays behind even then.</summary>
    private SqliteConnection Sqlite3(string script)
    {
        SqliteLibrary.Require();
        if (!File.Exists(Home.Database)) File.Create(Home.Database).Dispose();
        var connection = SqliteConnections.Open(Home.Database, TimeSpan.Zero);
        connection.LeaveLogAtClose(true);
        connection.Execute("PRAGMA wal_autocheckpoint=0");
        connection.Execute(script);
        return connection;
    }
}
