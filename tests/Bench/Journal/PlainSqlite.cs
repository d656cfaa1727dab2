using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Picket.Actors.Persistence.Sql.Sqlite;

namespace Picket.Bench.Journal;

/// <summary>
/// Inserts as ADO.NET has them: one prepared command whose typed parameters are set for each row, a transaction for each batch; the
/// journal's own schema and pragmas. The keys of the histories are known.
/// </summary>
internal sealed class PlainSqlite : IWriteLoad
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;
    private readonly SqliteParameter _id = new("$1", SqliteType.Integer);
    private readonly SqliteParameter _seq = new("$2", SqliteType.Integer);
    private readonly SqliteParameter _written = new("$3", SqliteType.Integer);
    private readonly SqliteParameter _writer = new("$4", SqliteType.Text);
    private readonly SqliteParameter _manifest = new("$5", SqliteType.Text);
    private readonly SqliteParameter _type = new("$6", SqliteType.Text);
    private readonly SqliteParameter _payload = new("$7", SqliteType.Blob);
    private readonly SqliteParameter _sum = new("$8", SqliteType.Integer);
    private readonly long[] _last = new long[WriteShape.MostHistories];

    public PlainSqlite(string path)
    {
        SqliteLibrary.Require();
        File.Create(path).Dispose();
        _connection = SqliteConnections.Open(path, TimeSpan.FromSeconds(5));
        _connection.Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA journal_size_limit=67108864; PRAGMA cache_size=-8000; PRAGMA temp_store=MEMORY");
        foreach (var migration in SqliteSchema.Migrations) _connection.Execute(migration.Script);
        _insert = _connection.CreateCommand();
        _insert.CommandText = "INSERT INTO events (id, seq, written, writer, manifest, type, payload, sum) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        _insert.Parameters.AddRange([_id, _seq, _written, _writer, _manifest, _type, _payload, _sum]);
    }

    public string Name => "inserts";

    public Task<WriteRate> RateAsync(WriteShape shape, TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        var events = 0L;
        while (clock.Elapsed < time)
        {
            using var transaction = _connection.BeginTransaction();
            _insert.Transaction = transaction;
            for (var id = 0; id < shape.Histories; id++)
            {
                for (var i = 0; i < shape.Each; i++) Insert(id);
            }

            transaction.Commit();
            events += shape.Events;
        }

        return Task.FromResult(new WriteRate(events / clock.Elapsed.TotalSeconds, shape.Events));
    }

    public async ValueTask DisposeAsync()
    {
        await _insert.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private void Insert(int id)
    {
        _id.Value = (long)id;
        _seq.Value = ++_last[id];
        _written.Value = Payload.Written;
        _writer.Value = Payload.Writer;
        _manifest.Value = "";
        _type.Value = "bytes";
        _payload.Value = Payload.Bytes;
        _sum.Value = 1L;
        _insert.ExecuteNonQuery();
    }
}
