using Picket.Actors.Persistence.Journal;

namespace Picket.Actors.Persistence.Sql;

/// <summary>A SQL store could not do what it was asked.</summary>
public sealed class SqlStoreException : JournalException
{
    /// <summary>A failure.</summary>
    /// <param name="kind">Why.</param>
    /// <param name="message">What a person should know; the place is put behind it.</param>
    /// <param name="place">The file, or the server with database and schema. Never a password.</param>
    /// <param name="innerException">What the database said, or null.</param>
    public SqlStoreException(SqlFailure kind, string message, string place, Exception? innerException = null)
        : base($"{message} ({place})", innerException)
    {
        Kind = kind;
        Place = place;
    }

    /// <summary>Why.</summary>
    public SqlFailure Kind { get; }

    /// <summary>The file, or the server with database and schema.</summary>
    public string Place { get; }
}
