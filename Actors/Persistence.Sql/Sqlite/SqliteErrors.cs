using Microsoft.Data.Sqlite;
using Picket.Actors.Persistence.Journal;

namespace Picket.Actors.Persistence.Sql.Sqlite;

/// <summary>SQLite's result codes in words that a person understands.</summary>
internal static class SqliteErrors
{
    private const int WrongSql = 1;
    private const int Permission = 3;
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int Device = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int TooBig = 18;
    private const int Mismatch = 20;
    private const int Refused = 23;
    private const int NotADatabase = 26;

    /// <summary>The shared memory file beside the log could not grow: the disk is full.</summary>
    private const int NoRoomForSharedMemory = 4874;

    public const int Constraint = 19;

    /// <summary>What <paramref name="failure"/> means for the store at <paramref name="path"/>.</summary>
    public static JournalException Translate(Exception failure, string path) => failure switch
    {
        JournalException known => known,
        SqliteException sqlite => Translate(sqlite, path),
        _ => new SqlStoreException(SqlFailure.Other, $"the store failed: {failure.Message}", path, failure),
    };

    /// <summary>Whether the failure is of this one request, so that others in the same transaction can still be stored.</summary>
    public static bool IsOfOneRequest(Exception failure) => failure switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode is Constraint or TooBig or Mismatch,
        JournalConflictException => true,
        JournalException => false,
        _ => true,
    };

    private static JournalException Translate(SqliteException failure, string path)
    {
        var code = failure.SqliteExtendedErrorCode == NoRoomForSharedMemory ? Full : failure.SqliteErrorCode;
        return code switch
        {
            Full => Say(SqlFailure.Full, "no room is left on the disk, or within MaxBytes, for the database"),
            ReadOnly => Say(SqlFailure.ReadOnly, "the database file or its folder is read-only"),
            CannotOpen => Say(SqlFailure.ReadOnly, "the database file, or its log beside it, cannot be opened or made"),
            Permission or Refused => Say(SqlFailure.Refused, "the database file may not be used"),
            Busy or Locked => Say(SqlFailure.Locked, "another program holds a lock on the database file"),
            Corrupt => new JournalCorruptException("the database file is damaged", path, innerException: failure),
            WrongSql => new JournalCorruptException(
                $"the schema is not the one that was made: {failure.Message}", path, innerException: failure),
            NotADatabase => new JournalCorruptException("the file is not a database any more", path, innerException: failure),
            Device => Say(SqlFailure.Device, $"the device failed (SQLite's code {failure.SqliteExtendedErrorCode})"),
            _ => Say(SqlFailure.Other, $"SQLite refused: {failure.Message}"),
        };

        SqlStoreException Say(SqlFailure kind, string message) => new(kind, message, path, failure);
    }
}
