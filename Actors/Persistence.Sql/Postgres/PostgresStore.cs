using Npgsql;
using Picket.Actors.Persistence.Journal;
using Picket.Actors.Persistence.Snapshot;
using Picket.Actors.Persistence.Sql.Rows;

namespace Picket.Actors.Persistence.Sql.Postgres;

/// <summary>
/// A journal and a snapshot store in one schema of a PostgreSQL database (12 or newer). Any number of nodes may use it; a persistence id
/// that two of them write to at once is refused to the later one.
/// </summary>
public sealed class PostgresStore : IAsyncDisposable
{
    /// <summary>
    /// A server may be set to acknowledge before its log is on the disk; the sessions of a journal may not. All that they do goes by a
    /// key, so that planning anew for each value is in vain.
    /// </summary>
    private const string Begin = """
        SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') NOT IN ('on', 'remote_apply');
        SELECT set_config('plan_cache_mode', 'force_generic_plan', false)
        """;

    private readonly NpgsqlDataSource _source;
    private readonly PostgresJournal _journal;

    private PostgresStore(NpgsqlDataSource source, PostgresTables tables, PostgresRetry retry, PostgresOptions options, string place)
    {
        _source = source;
        Place = place;
        _journal = new PostgresJournal(source, tables, retry, new EventCodec(options.Serializers, $"{place}, table events"), place);
        Snapshots = new PostgresSnapshotStore(source, tables, retry, new SnapshotCodec(options.Serializers, $"{place}, table snapshots"));
    }

    /// <summary>The events.</summary>
    public IEventJournal Journal => _journal;

    /// <summary>The snapshots.</summary>
    public ISnapshotStore Snapshots { get; }

    /// <summary>Server, database and schema, for messages.</summary>
    public string Place { get; }

    /// <summary>Transactions that have stored events since the store was opened.</summary>
    public long Commits => _journal.Commits;

    /// <summary>Connects, within the options' time limit, and makes the schema or brings an older one up to date.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="JournalCorruptException">The schema is not ours, or was altered. It is left as it is.</exception>
    /// <exception cref="SqlStoreException">The server cannot be reached, refuses, or the schema is from a newer version.</exception>
    public static async Task<PostgresStore> OpenAsync(PostgresOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var parts = options.Read();
        var place = $"PostgreSQL {parts.Host}:{parts.Port}, database {parts.Database ?? parts.Username}, schema {options.Schema}";
        var tables = new PostgresTables(options.Schema);
        var retry = new PostgresRetry(options, place);
        var source = Build(parts);
        try
        {
            await retry.RunAsync("open the schema", async token =>
            {
                if (options.RequireDurableServer) await RequireDurableAsync(source, place, token).ConfigureAwait(false);
                var migrations = new PostgresMigrations(source, tables, options, place);
                await migrations.ApplyAsync(PostgresSchema.Migrations, token).ConfigureAwait(false);
                return true;
            }, cancellationToken).ConfigureAwait(false);
            return new PostgresStore(source, tables, retry, options, place);
        }
        catch
        {
            await source.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Closes the connections. Calls that are under way fail.</summary>
    public ValueTask DisposeAsync() => _source.DisposeAsync();

    internal static NpgsqlDataSource Build(NpgsqlConnectionStringBuilder parts)
    {
        // The slim builder reflects over nothing; what is needed of the whole one is named.
        var builder = new NpgsqlSlimDataSourceBuilder(parts.ConnectionString);
        builder.EnableArrays();
        builder.EnableTransportSecurity();
        builder.EnableIntegratedSecurity();
        builder.UsePhysicalConnectionInitializer(
            connection =>
            {
                using var command = new NpgsqlCommand(Begin, connection);
                command.ExecuteNonQuery();
            },
            async connection =>
            {
                await using var command = new NpgsqlCommand(Begin, connection);
                await command.ExecuteNonQueryAsync().ConfigureAwait(false);
            });
        return builder.Build();
    }

    private static async Task RequireDurableAsync(NpgsqlDataSource source, string place, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("SELECT current_setting('fsync'), current_setting('full_page_writes')");
        await using var row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await row.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (row.GetString(0) == "on" && row.GetString(1) == "on") return;
        throw new SqlStoreException(SqlFailure.NotDurable,
            $"the server has fsync {row.GetString(0)} and full_page_writes {row.GetString(1)}: what it acknowledges may be lost; "
            + "turn them on, or set RequireDurableServer to false", place);
    }
}
