namespace Picket.Actors.Persistence.Sql.Sqlite;

/// <summary>What a power cut or a crash of the operating system may take. A killed process loses nothing in either case.</summary>
public enum SqliteDurability
{
    /// <summary>Nothing that was acknowledged: each commit is on the disk (fsync of the log) before its caller hears of it.</summary>
    Full = 0,

    /// <summary>
    /// The commits since the last checkpoint, which is some megabytes of log. What is left is consistent: a prefix of what was written.
    /// </summary>
    Normal = 1,
}
