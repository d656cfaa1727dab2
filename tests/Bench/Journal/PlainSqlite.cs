using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Picket.Actors.Persistence.Sql.Sqlite;

namespace Picket.Bench.Journal;

/// <summary>Inserts as ADO.NET has them, one prepared command, a transaction for each batch; the journal's own schema and pragmas.</summary>
internal sealed class PlainSqlite : IWriteLoad
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;
    private long _number;

    public PlainSqlite(string path)
    {
        SqliteLibrary.Require();
        File.Create(path).Dispose();
        _connection = SqliteConnections.Open(path, TimeSpan.FromSeconds(5));
        _connection.Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA journal_size_limit=67108864; PRAGMA cache_size=-8000; PRAGMA temp_store=MEMORY");
        foreach (var migration in SqliteSchema.Migrations) _connection.Execute(migration.Script);
        _insert = _connection.Prepare("INSERT INTO events (id, seq, written, writer, manifest, type, payload, sum) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", 8);
    }

    public Task<double> RateAsync(int atOnce, TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        var events = 0L;
        while (clock.Elapsed < time)
        {
            using var transaction = _connection.BeginTransaction();
            _insert.Transaction = transaction;
            for (var i = 0; i < atOnce; i++, _number++)
            {
                _insert.With(_number % Payload.Ids, _number / Payload.Ids + 1, 638_000_000_000_000_000, "b2f1f6a0b6c84b0ea1a3f1cf9a9a7f11", "", "bytes", Payload.Bytes, 1L)
                    .ExecuteNonQuery();
            }

            transaction.Commit();
            events += atOnce;
        }

        return Task.FromResult(events / clock.Elapsed.TotalSeconds);
    }

    public async ValueTask DisposeAsync()
    {
        await _insert.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
