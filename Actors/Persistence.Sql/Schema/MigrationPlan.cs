using Picket.Actors.Persistence.Journal;

namespace Picket.Actors.Persistence.Sql.Schema;

/// <summary>Compares what a database remembers with what this program knows.</summary>
internal static class MigrationPlan
{
    /// <summary>The migrations that are still to be run, in order.</summary>
    /// <exception cref="SqlStoreException">The database is newer than this program.</exception>
    /// <exception cref="JournalCorruptException">A step that was run is not one of ours.</exception>
    public static IEnumerable<Migration> Missing(IReadOnlyList<Migration> known, IReadOnlyList<AppliedMigration> applied, string place)
    {
        if (applied.Count > 0 && applied[^1].Version > known.Count) throw Newer(applied[^1].Version, known.Count, place);
        for (var i = 0; i < applied.Count; i++)
        {
            if (applied[i].Version != known[i].Version)
                throw new JournalCorruptException($"the schema's version {known[i].Version} is not on its list of migrations", place);
            if (applied[i].Checksum != known[i].Checksum)
                throw new JournalCorruptException($"the schema's version {known[i].Version} was not made by this program", place);
        }

        return known.Skip(applied.Count);
    }

    /// <summary>A database from the future is left alone.</summary>
    public static SqlStoreException Newer(long version, int known, string place) => new(SqlFailure.NewerSchema,
        $"the schema has version {version}, this program knows up to {known}: it was written by a newer one and is left as it is", place);
}
