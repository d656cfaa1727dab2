namespace Picket.Actors.Persistence.Sql.Sqlite;

/// <summary>What the writer knows of a persistence id. It is the only one that writes, so that this stays true.</summary>
internal sealed class SqliteHistory(long key, long highest)
{
    /// <summary>The number that stands for the id in the other tables.</summary>
    public long Key { get; } = key;

    /// <summary>The highest number that was ever used.</summary>
    public long Highest { get; set; } = highest;
}
