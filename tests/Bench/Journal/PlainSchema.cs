using Npgsql;
using Picket.Actors.Persistence.Sql.Postgres;

namespace Picket.Bench.Journal;

/// <summary>The journal's tables in a schema of its own, with one session over them.</summary>
internal sealed class PlainSchema : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;

    private PlainSchema(string name, NpgsqlDataSource source, NpgsqlConnection connection)
    {
        Name = name;
        _source = source;
        Connection = connection;
    }

    public string Name { get; }

    public NpgsqlConnection Connection { get; }

    public static async Task<PlainSchema> OpenAsync(string connectionString, string name)
    {
        var parts = new NpgsqlConnectionStringBuilder(connectionString) { MaxAutoPrepare = 32, AutoPrepareMinUsages = 2, NoResetOnClose = true };
        var source = NpgsqlDataSource.Create(parts);
        var made = new PlainSchema(name, source, await source.OpenConnectionAsync());
        await made.ExecuteAsync($"DROP SCHEMA IF EXISTS {name} CASCADE; CREATE SCHEMA {name}");
        foreach (var migration in PostgresSchema.Migrations)
            await made.ExecuteAsync(migration.Script.Replace(PostgresSchema.Placeholder, name, StringComparison.Ordinal));
        return made;
    }

    public async ValueTask DisposeAsync()
    {
        await ExecuteAsync($"DROP SCHEMA {Name} CASCADE");
        await Connection.DisposeAsync();
        await _source.DisposeAsync();
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, Connection);
        await command.ExecuteNonQueryAsync();
    }
}
