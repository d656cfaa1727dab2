using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Microsoft.Win32.SafeHandles;
using Picket.Actors.Persistence.Journal;

namespace Picket.Actors.Persistence.Sql.Sqlite;

/// <summary>
/// The owner's claim on a database file: one store at a time, by a lock on a file beside it. SQLite's own locks let several writers in,
/// whose events would interleave; and a file that this process opens and closes by itself would drop SQLite's locks on it, so the claim
/// comes before any look at the database.
/// </summary>
internal sealed partial class SqliteFile : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int ReadOnlyFolder = 0x80000; // O_RDONLY | O_CLOEXEC of Linux, the same on x86-64 and arm64

    private readonly FileStream _lock;

    private SqliteFile(string path, FileStream @lock)
    {
        Path = path;
        _lock = @lock;
    }

    /// <summary>The full path, links resolved.</summary>
    public string Path { get; }

    /// <summary>Claims the file, checks it, and makes it when there is none.</summary>
    public static SqliteFile Claim(SqliteOptions options)
    {
        var path = Resolve(options.Path);
        var folder = System.IO.Path.GetDirectoryName(path)!;
        FileStream claim;
        try
        {
            if (!Directory.Exists(folder)) MakeFolder(folder);
            claim = Lock(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SqlStoreException(
                KindOf(failure), $"the folder of the database cannot be written to: {failure.Message}", path, failure);
        }

        try
        {
            if (System.IO.Path.Exists(path)) SqliteHeader.Check(path);
            else Create(path, folder, options);
            return new SqliteFile(path, claim);
        }
        catch (Exception failure)
        {
            claim.Dispose();
            if (failure is IOException or UnauthorizedAccessException)
                throw new SqlStoreException(KindOf(failure), $"the database cannot be made: {failure.Message}", path, failure);
            throw;
        }
    }

    public void Dispose() => _lock.Dispose();

    private static string Resolve(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        var file = new FileInfo(full);
        if (file.LinkTarget is null) return full;
        try
        {
            return file.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? full;
        }
        catch (IOException failure)
        {
            throw new SqlStoreException(SqlFailure.Refused, $"the path cannot be followed: {failure.Message}", full, failure);
        }
    }

    private static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
    }

    private static FileStream Lock(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        try
        {
            return new FileStream(path + ".lock", options);
        }
        catch (IOException failure) when (IsSharing(failure))
        {
            throw new SqlStoreException(SqlFailure.Locked,
                "the database is in use by another process, or by another store of this one; each needs a file of its own", path, failure);
        }
    }

    /// <summary>EWOULDBLOCK of flock on Linux and macOS; on Windows ERROR_SHARING_VIOLATION.</summary>
    private static bool IsSharing(IOException failure) => failure.HResult is 11 or 35 or unchecked((int)0x80070020);

    private static SqlFailure KindOf(Exception failure) => failure.HResult is 28 or 122 ? SqlFailure.Full
        : failure is UnauthorizedAccessException || failure.HResult == 30 ? SqlFailure.ReadOnly : SqlFailure.Device;

    /// <summary>
    /// Makes the database whole under another name first. So an empty or half-made file under its own name is never ours, and a process
    /// that dies here leaves nothing behind that the next one would have to guess about.
    /// </summary>
    private static void Create(string path, string folder, SqliteOptions options)
    {
        foreach (var beside in (string[])["-wal", "-journal"])
        {
            if (!File.Exists(path + beside) || new FileInfo(path + beside).Length == 0) continue;
            throw new JournalCorruptException(
                $"the database is gone, but its log {path + beside} is there: both were one. It is left as it is", path);
        }

        var draft = path + ".new";
        foreach (var end in (string[])["", "-wal", "-shm", "-journal"]) File.Delete(draft + end);
        var mode = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) mode.UnixCreateMode = OwnerOnly;
        new FileStream(draft, mode).Dispose();
        try
        {
            using var connection = SqliteConnections.Open(draft, TimeSpan.Zero);
            connection.Execute($"PRAGMA synchronous=EXTRA; PRAGMA application_id={SqliteSchema.ApplicationId}");
            SqliteMigrations.Apply(connection, SqliteSchema.Migrations, options.Time, draft);
            connection.Execute("PRAGMA journal_mode=WAL");
        }
        catch (SqliteException failure)
        {
            File.Delete(draft);
            throw SqliteErrors.Translate(failure, path);
        }

        File.Move(draft, path, overwrite: false);
        if (OperatingSystem.IsLinux()) SyncFolder(folder);
    }

    /// <summary>Makes the rename survive a power cut. The class library syncs what is open, but opens no folder.</summary>
    private static void SyncFolder(string folder)
    {
        using var handle = Open(folder, ReadOnlyFolder);
        if (handle.IsInvalid) throw new IOException($"{folder} could not be opened to be synced");
        RandomAccess.FlushToDisk(handle);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);
}
