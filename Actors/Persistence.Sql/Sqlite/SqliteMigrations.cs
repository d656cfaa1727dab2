using Microsoft.Data.Sqlite;
using Picket.Actors.Persistence.Journal;
using Picket.Actors.Persistence.Sql.Schema;

namespace Picket.Actors.Persistence.Sql.Sqlite;

/// <summary>Brings a database to this program's schema, a transaction for each step.</summary>
internal static class SqliteMigrations
{
    /// <exception cref="SqlStoreException">The database is newer than <paramref name="known"/>.</exception>
    /// <exception cref="JournalCorruptException">Its schema was not made by these steps.</exception>
    public static void Apply(SqliteConnection connection, IReadOnlyList<Migration> known, TimeProvider time, string place)
    {
        foreach (var migration in MigrationPlan.Missing(known, Applied(connection, place), place))
        {
            connection.Execute("BEGIN IMMEDIATE");
            try
            {
                connection.Execute(migration.Script);
                using var note = connection.CreateCommand();
                note.CommandText = "INSERT INTO migrations (version, name, checksum, applied) VALUES ($1, $2, $3, $4)";
                note.Parameters.AddWithValue("$1", migration.Version);
                note.Parameters.AddWithValue("$2", migration.Name);
                note.Parameters.AddWithValue("$3", migration.Checksum);
                note.Parameters.AddWithValue("$4", time.GetUtcNow().UtcTicks);
                note.ExecuteNonQuery();
                connection.Execute($"PRAGMA user_version={migration.Version}");
                connection.Execute("COMMIT");
            }
            catch
            {
                // Some failures have ended the transaction themselves.
                if (SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) == 0) connection.Execute("ROLLBACK");
                throw;
            }
        }
    }

    private static List<AppliedMigration> Applied(SqliteConnection connection, string place)
    {
        var applied = new List<AppliedMigration>();
        var version = connection.Number("PRAGMA user_version");
        if (version == 0) return applied;
        if (connection.Number("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'migrations'") == 0)
            throw new JournalCorruptException("the table migrations is missing", place);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT version, checksum FROM migrations ORDER BY version";
        using var reader = command.ExecuteReader();
        while (reader.Read()) applied.Add(new AppliedMigration(reader.GetInt64(0), reader.GetString(1)));
        return applied.Count > 0 && applied[^1].Version == version
            ? applied
            : throw new JournalCorruptException($"the schema says version {version}, its list of migrations does not", place);
    }
}
