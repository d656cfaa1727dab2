using Microsoft.Data.Sqlite;
using Picket.Actors.Persistence.Journal;
using Picket.Actors.Persistence.Snapshot;
using Picket.Actors.Persistence.Sql.Rows;
using Picket.Actors.Persistence.Sql.Schema;

namespace Picket.Actors.Persistence.Sql.Sqlite;

/// <summary>
/// A journal and a snapshot store in one SQLite file. One store at a time may have the file; other programs may read it. What is deleted
/// leaves free pages that are used again; the file does not shrink.
/// </summary>
public sealed class SqliteStore : IAsyncDisposable
{
    private readonly SqliteFile _file;
    private readonly SqliteWriter _writer;
    private readonly SqliteReaders _readers;

    private SqliteStore(SqliteFile file, SqliteWriter writer, SqliteOptions options)
    {
        _file = file;
        _writer = writer;
        _readers = new SqliteReaders(file.Path, options);
        Journal = new SqliteJournal(writer, _readers, new EventCodec(options.Serializers, _readers.Place));
        Snapshots = new SqliteSnapshotStore(
            writer, _readers, new SnapshotCodec(options.Serializers, $"{file.Path}, table snapshots"));
    }

    /// <summary>The events.</summary>
    public IEventJournal Journal { get; }

    /// <summary>The snapshots.</summary>
    public ISnapshotStore Snapshots { get; }

    /// <summary>The file, its full path with links resolved.</summary>
    public string Path => _file.Path;

    /// <summary>Transactions committed since the store was opened: fewer than <see cref="Writes"/> where callers shared one.</summary>
    public long Commits => _writer.Commits;

    /// <summary>Calls that those transactions stored.</summary>
    public long Writes => _writer.Writes;

    /// <summary>Opens the store; makes the file when there is none, and brings an older schema up to date.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="JournalCorruptException">The file is damaged, or not ours. It is left as it is.</exception>
    /// <exception cref="SqlStoreException">It is in use, read-only, from a newer version, or there is no room.</exception>
    public static SqliteStore Open(SqliteOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        SqliteLibrary.Require();
        var file = SqliteFile.Claim(options);
        SqliteConnection? connection = null;
        try
        {
            connection = SqliteConnections.Open(file.Path, options.BusyTimeout);
            connection.LeaveLogAtClose(true);
            Check(connection, file.Path, options);
            Prepare(connection, file.Path, options);
            var writer = new SqliteWriter(connection, file.Path, options);
            connection.LeaveLogAtClose(false);
            return new SqliteStore(file, writer, options);
        }
        catch (Exception failure)
        {
            connection?.Dispose();
            file.Dispose();
            if (failure is SqliteException) throw SqliteErrors.Translate(failure, file.Path);
            throw;
        }
    }

    /// <summary>Stores what callers still wait for, works the log off into the database, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        await _readers.DisposeAsync().ConfigureAwait(false);
        await _writer.DisposeAsync().ConfigureAwait(false);
        _file.Dispose();
    }

    /// <summary>What must be true before the first byte is written.</summary>
    private static void Check(SqliteConnection connection, string path, SqliteOptions options)
    {
        if (SQLitePCL.raw.sqlite3_db_readonly(connection.Handle, "main") == 1)
            throw new SqlStoreException(SqlFailure.ReadOnly, "the database file is read-only", path);
        // The log may be ahead of the header that was looked at before.
        var version = connection.Number("PRAGMA user_version");
        if (version > SqliteSchema.Migrations.Count) throw MigrationPlan.Newer(version, SqliteSchema.Migrations.Count, path);
        if (new FileInfo(path).Length > options.CheckUpToBytes) return;
        using var check = connection.CreateCommand();
        check.CommandText = "PRAGMA quick_check(1)";
        if (check.ExecuteScalar() is string found && found != "ok")
            throw new JournalCorruptException($"the database file is damaged: {found.ReplaceLineEndings(" ")}. It is left as it is", path);
    }

    private static void Prepare(SqliteConnection connection, string path, SqliteOptions options)
    {
        connection.Execute("PRAGMA synchronous=FULL");
        using (var mode = connection.CreateCommand())
        {
            mode.CommandText = "PRAGMA journal_mode=WAL";
            if (mode.ExecuteScalar() is not "wal")
                throw new SqlStoreException(SqlFailure.Other, "the file system does not allow a write-ahead log (shared memory)", path);
        }

        SqliteMigrations.Apply(connection, SqliteSchema.Migrations, options.Time, path);
        if (options.Durability == SqliteDurability.Normal) connection.Execute("PRAGMA synchronous=NORMAL");
        connection.Execute($"PRAGMA journal_size_limit={options.WalLimitBytes}; PRAGMA cache_size=-8000; PRAGMA temp_store=MEMORY");
        if (options.MaxBytes == 0) return;
        var pages = options.MaxBytes / connection.Number("PRAGMA page_size");
        connection.Execute($"PRAGMA max_page_count={pages}");
    }
}
