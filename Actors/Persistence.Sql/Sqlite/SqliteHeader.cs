using System.Buffers.Binary;
using Picket.Actors.Persistence.Journal;
using Picket.Actors.Persistence.Sql.Schema;

namespace Picket.Actors.Persistence.Sql.Sqlite;

/// <summary>
/// Looks at a file before SQLite does, for SQLite makes an empty file into a database, and works off the log of one that is not ours.
/// </summary>
internal static class SqliteHeader
{
    private const int Size = 100;
    private const int PageSizeAt = 16;
    private const int ChangesAt = 24;
    private const int PagesAt = 28;
    private const int UserVersionAt = 60;
    private const int ApplicationIdAt = 68;
    private const int PagesValidForAt = 92;

    /// <exception cref="JournalCorruptException">The file is no journal of ours.</exception>
    /// <exception cref="SqlStoreException">It is from a newer version, or cannot be read.</exception>
    public static void Check(string path)
    {
        if (Directory.Exists(path)) throw new JournalCorruptException("this is a folder, not a file", path);
        // Not opened: a named pipe, which has no length either, would hold up who opens it.
        if (new FileInfo(path).Length == 0)
            throw Foreign("the file is empty, or no regular file; it is not a journal, or it was cut to nothing", path);
        Span<byte> header = stackalloc byte[Size];
        var (length, read) = Read(path, header);
        if (read < 16 || !header[..16].SequenceEqual("SQLite format 3\0"u8)) throw Foreign("the file is not a SQLite database", path);
        if (read < Size) throw Foreign($"the file is cut: {length} bytes are left", path);
        if (Number(header, ApplicationIdAt) != SqliteSchema.ApplicationId)
            throw Foreign($"the file is a SQLite database of another program (application id {Number(header, ApplicationIdAt):X8})", path);
        if (Number(header, UserVersionAt) is var version && version > SqliteSchema.Migrations.Count)
            throw MigrationPlan.Newer(version, SqliteSchema.Migrations.Count, path);

        // With a log beside it the file may be behind what the header says; the log completes it.
        var pageSize = BinaryPrimitives.ReadUInt16BigEndian(header[PageSizeAt..]) is var size && size == 1 ? 65536L : size;
        var hasLog = File.Exists(path + "-wal") && new FileInfo(path + "-wal").Length > 0;
        if (!hasLog && Number(header, ChangesAt) == Number(header, PagesValidForAt) && length < Number(header, PagesAt) * pageSize)
            throw Foreign($"the file is cut: it has {length} of {Number(header, PagesAt) * pageSize} bytes", path);
    }

    private static (long Length, int Read) Read(string path, Span<byte> header)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return (RandomAccess.GetLength(file), RandomAccess.Read(file, header, 0));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SqlStoreException(SqlFailure.Refused, $"the file cannot be read: {failure.Message}", path, failure);
        }
    }

    private static long Number(ReadOnlySpan<byte> header, int at) => BinaryPrimitives.ReadUInt32BigEndian(header[at..]);

    private static JournalCorruptException Foreign(string message, string path) => new($"{message}. It is left as it is", path);
}
