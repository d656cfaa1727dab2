using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Picket.Actors.Persistence.Journal;
using Picket.Actors.Persistence.Sql.Schema;

namespace Picket.Actors.Persistence.Sql.Postgres;

/// <summary>
/// Brings a schema to this program's version in one transaction under an advisory lock: of nodes that start at once, one does the work
/// and the others find it done.
/// </summary>
internal sealed class PostgresMigrations(NpgsqlDataSource source, PostgresTables tables, PostgresOptions options, string place)
{
    /// <exception cref="SqlStoreException">The schema is newer than <paramref name="known"/>.</exception>
    /// <exception cref="JournalCorruptException">It was not made by these steps.</exception>
    public async Task ApplyAsync(IReadOnlyList<Migration> known, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await RunAsync(connection, "SELECT pg_advisory_xact_lock($1)", cancellationToken, Key(options.Schema)).ConfigureAwait(false);
        var applied = await AppliedAsync(connection, cancellationToken).ConfigureAwait(false);
        foreach (var migration in MigrationPlan.Missing(known, applied, place))
        {
            await RunAsync(connection, tables.Script(migration), cancellationToken).ConfigureAwait(false);
            await RunAsync(connection, tables.NoteMigration, cancellationToken, (long)migration.Version, migration.Name, migration.Checksum,
                options.Time.GetUtcNow().UtcTicks).ConfigureAwait(false);
        }

        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The lock is the database's, so that the key must tell the schemas apart.</summary>
    private static long Key(string schema) =>
        BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"picket migrations {schema}")));

    private async Task<List<AppliedMigration>> AppliedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var schemas = await CountAsync(connection, "SELECT count(*) FROM pg_namespace WHERE nspname = $1", cancellationToken)
            .ConfigureAwait(false);
        if (schemas == 0) await RunAsync(connection, tables.CreateSchema, cancellationToken).ConfigureAwait(false);
        var ours = await CountAsync(connection, $"{Relations} AND c.relname = 'migrations'", cancellationToken).ConfigureAwait(false);
        var applied = new List<AppliedMigration>();
        if (ours == 0)
        {
            var others = await CountAsync(
                connection, $"{Relations} AND c.relname IN ('persistence_ids', 'events', 'snapshots')", cancellationToken)
                .ConfigureAwait(false);
            return others == 0
                ? applied
                : throw new JournalCorruptException(
                    "the schema has tables of our names that this program did not make; they are left as they are", place);
        }

        await using var command = new NpgsqlCommand(tables.Applied, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            applied.Add(new AppliedMigration(reader.GetInt64(0), reader.GetString(1)));
        return applied;
    }

    private const string Relations = "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1";

    private async Task<long> CountAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = options.Schema });
        return (long)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }
}
