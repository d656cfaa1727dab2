using System.Diagnostics;
using Npgsql;
using Picket.Actors.Persistence.Sql.Postgres;

namespace Picket.Bench.Journal;

/// <summary>Inserts as ADO.NET has them, an NpgsqlBatch of prepared commands, which is one transaction; the journal's own schema.</summary>
internal sealed class PlainPostgres : IWriteLoad
{
    private const string Schema = "picket_plain";
    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlConnection _connection;
    private long _number;

    private PlainPostgres(NpgsqlDataSource source, NpgsqlConnection connection)
    {
        _source = source;
        _connection = connection;
    }

    public static async Task<PlainPostgres> OpenAsync(string connectionString)
    {
        var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { MaxAutoPrepare = 32, AutoPrepareMinUsages = 2, NoResetOnClose = true });
        var connection = await source.OpenConnectionAsync();
        await ExecuteAsync(connection, $"DROP SCHEMA IF EXISTS {Schema} CASCADE; CREATE SCHEMA {Schema}");
        foreach (var migration in PostgresSchema.Migrations)
            await ExecuteAsync(connection, migration.Script.Replace(PostgresSchema.Placeholder, Schema, StringComparison.Ordinal));
        return new PlainPostgres(source, connection);
    }

    public async Task<double> RateAsync(int atOnce, TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        var events = 0L;
        while (clock.Elapsed < time)
        {
            await using var batch = new NpgsqlBatch(_connection);
            for (var i = 0; i < atOnce; i++, _number++) batch.BatchCommands.Add(Insert());
            await batch.ExecuteNonQueryAsync();
            events += atOnce;
        }

        return events / clock.Elapsed.TotalSeconds;
    }

    public async ValueTask DisposeAsync()
    {
        await ExecuteAsync(_connection, $"DROP SCHEMA {Schema} CASCADE");
        await _connection.DisposeAsync();
        await _source.DisposeAsync();
    }

    private NpgsqlBatchCommand Insert() => new($"INSERT INTO {Schema}.events (id, seq, written, writer, manifest, type, payload, sum) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
    {
        Parameters =
        {
            new NpgsqlParameter<long> { TypedValue = _number % Payload.Ids },
            new NpgsqlParameter<long> { TypedValue = _number / Payload.Ids + 1 },
            new NpgsqlParameter<long> { TypedValue = 638_000_000_000_000_000 },
            new NpgsqlParameter<string> { TypedValue = "b2f1f6a0b6c84b0ea1a3f1cf9a9a7f11" },
            new NpgsqlParameter<string> { TypedValue = "" },
            new NpgsqlParameter<string> { TypedValue = "bytes" },
            new NpgsqlParameter<byte[]> { TypedValue = Payload.Bytes },
            new NpgsqlParameter<long> { TypedValue = 1 },
        },
    };

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
