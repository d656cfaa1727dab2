using Npgsql;
using Picket.Actors.Persistence.Journal;

namespace Picket.Actors.Persistence.Sql.Postgres;

/// <summary>What PostgreSQL and Npgsql say, in words that a person understands, and whether it may pass.</summary>
internal static class PostgresErrors
{
    /// <summary>
    /// Whether another attempt may succeed: the server is away, starting, stopping, out of connections, slow, or chose this transaction to
    /// break a deadlock.
    /// </summary>
    public static bool MayPass(Exception failure) => failure switch
    {
        PostgresException { SqlState: var state } => state.StartsWith("08", StringComparison.Ordinal) || state is
            PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
            or PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure
            or PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled,
        NpgsqlException or TimeoutException or IOException or System.Net.Sockets.SocketException => true,
        // A connection that broke while a command was being prepared or read.
        ObjectDisposedException => true,
        _ => false,
    };

    /// <summary>Whether a number of the batch is there already, was deleted, or its persistence id is not known to the server.</summary>
    public static bool IsTaken(Exception failure) =>
        failure is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.NotNullViolation };

    /// <summary>What a failure that does not pass means.</summary>
    public static JournalException Translate(Exception failure, string place) => failure switch
    {
        JournalException known => known,
        PostgresException postgres => Translate(postgres, place),
        InvalidCastException => new JournalCorruptException(
            $"a column is of the wrong kind: {failure.Message}", place, innerException: failure),
        _ => new SqlStoreException(SqlFailure.Other, $"the store failed: {failure.Message}", place, failure),
    };

    /// <summary>All attempts failed.</summary>
    public static JournalException GivenUp(Exception last, string what, TimeSpan tried, string place) => new SqlStoreException(
        SqlFailure.Unreachable, $"PostgreSQL did not {what} within {tried.TotalSeconds:0.#} s of attempts: {last.Message}", place, last);

    private static JournalException Translate(PostgresException failure, string place)
    {
        return failure.SqlState switch
        {
            PostgresErrorCodes.DiskFull or PostgresErrorCodes.OutOfMemory or "53400" => Say(SqlFailure.Full, "the server has no room left"),
            PostgresErrorCodes.ReadOnlySqlTransaction =>
                Say(SqlFailure.ReadOnly, "the server takes no writes: it is a standby, or set to read-only"),
            PostgresErrorCodes.InsufficientPrivilege => Say(SqlFailure.Refused, "the server does not allow this user to do that"),
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
                Say(SqlFailure.Refused, "the server does not let this user in"),
            PostgresErrorCodes.InvalidCatalogName => Say(SqlFailure.Refused, "the server has no such database"),
            PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted =>
                new JournalCorruptException($"the server found its data damaged: {failure.MessageText}", place, innerException: failure),
            PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.DuplicateTable =>
                new JournalCorruptException(
                    $"the schema is not the one that was made: {failure.MessageText}", place, innerException: failure),
            PostgresErrorCodes.IoError => Say(SqlFailure.Device, "the server's device failed"),
            _ => Say(SqlFailure.Other, "the server refused"),
        };

        SqlStoreException Say(SqlFailure kind, string message) =>
            new(kind, $"{message}: {failure.MessageText} ({failure.SqlState})", place, failure);
    }
}
