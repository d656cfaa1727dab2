using System.Diagnostics;
using Npgsql;

namespace Picket.Bench.Journal;

/// <summary>
/// Inserts as ADO.NET has them: an NpgsqlBatch of prepared commands, which is one round trip and one transaction, made once for each size
/// and its typed parameters set for each row; the journal's own schema. The keys of the histories are known.
/// </summary>
internal sealed class PlainPostgres : IWriteLoad
{
    private readonly PlainSchema _schema;
    private readonly Dictionary<int, NpgsqlBatch> _batches = [];
    private readonly long[] _last = new long[WriteShape.MostHistories];

    private PlainPostgres(PlainSchema schema) => _schema = schema;

    public string Name => "inserts";

    public static async Task<PlainPostgres> OpenAsync(string connectionString) => new(await PlainSchema.OpenAsync(connectionString, "picket_plain"));

    public async Task<WriteRate> RateAsync(WriteShape shape, TimeSpan time)
    {
        if (!_batches.TryGetValue(shape.Events, out var batch)) _batches.Add(shape.Events, batch = await PrepareAsync(shape.Events));
        var clock = Stopwatch.StartNew();
        var events = 0L;
        while (clock.Elapsed < time)
        {
            for (var i = 0; i < shape.Events; i++) Set(batch.BatchCommands[i].Parameters, i / shape.Each);
            await batch.ExecuteNonQueryAsync();
            events += shape.Events;
        }

        return new WriteRate(events / clock.Elapsed.TotalSeconds, shape.Events);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var batch in _batches.Values) await batch.DisposeAsync();
        await _schema.DisposeAsync();
    }

    private async Task<NpgsqlBatch> PrepareAsync(int rows)
    {
        var batch = new NpgsqlBatch(_schema.Connection);
        for (var i = 0; i < rows; i++)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(
                $"INSERT INTO {_schema.Name}.events (id, seq, written, writer, manifest, type, payload, sum) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
            {
                Parameters =
                {
                    new NpgsqlParameter<long>(), new NpgsqlParameter<long>(), new NpgsqlParameter<long>(), new NpgsqlParameter<string>(),
                    new NpgsqlParameter<string>(), new NpgsqlParameter<string>(), new NpgsqlParameter<byte[]>(), new NpgsqlParameter<long>(),
                },
            });
        }

        await batch.PrepareAsync();
        return batch;
    }

    private void Set(NpgsqlParameterCollection row, int id)
    {
        Number(0, id);
        Number(1, ++_last[id]);
        Number(2, Payload.Written);
        Text(3, Payload.Writer);
        Text(4, "");
        Text(5, "bytes");
        ((NpgsqlParameter<byte[]>)row[6]).TypedValue = Payload.Bytes;
        Number(7, 1);

        void Number(int at, long value) => ((NpgsqlParameter<long>)row[at]).TypedValue = value;

        void Text(int at, string value) => ((NpgsqlParameter<string>)row[at]).TypedValue = value;
    }
}
