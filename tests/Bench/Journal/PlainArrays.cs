using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace Picket.Bench.Journal;

/// <summary>
/// What an expert of PostgreSQL would write: one insert over arrays for the whole batch. It shows what checking each event's persistence id
/// costs the journal, for here the keys of the histories are known and nobody looks whether they still hold.
/// </summary>
internal sealed class PlainArrays : IWriteLoad
{
    private readonly PlainSchema _schema;
    private readonly NpgsqlCommand _insert;
    private readonly long[] _last = new long[WriteShape.MostHistories];

    private PlainArrays(PlainSchema schema)
    {
        _schema = schema;
        _insert = new NpgsqlCommand($"""
            INSERT INTO {schema.Name}.events (id, seq, written, writer, manifest, type, payload, sum)
            SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::bytea[], $8::bigint[])
            """, schema.Connection)
        {
            Parameters =
            {
                new NpgsqlParameter<long[]>(), new NpgsqlParameter<long[]>(), new NpgsqlParameter<long[]>(), new NpgsqlParameter<string[]>(),
                new NpgsqlParameter<string[]>(), new NpgsqlParameter<string[]>(),
                new NpgsqlParameter<byte[][]> { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea }, new NpgsqlParameter<long[]>(),
            },
        };
    }

    public string Name => "arrays";

    public static async Task<PlainArrays> OpenAsync(string connectionString) => new(await PlainSchema.OpenAsync(connectionString, "picket_arrays"));

    public async Task<WriteRate> RateAsync(WriteShape shape, TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        var events = 0L;
        while (clock.Elapsed < time)
        {
            Set(0, i => (long)(i / shape.Each));
            Set(1, i => ++_last[i / shape.Each]);
            Set(2, _ => Payload.Written);
            Set(3, _ => Payload.Writer);
            Set(4, _ => "");
            Set(5, _ => "bytes");
            Set(6, _ => Payload.Bytes);
            Set(7, _ => 1L);
            await _insert.ExecuteNonQueryAsync();
            events += shape.Events;
        }

        return new WriteRate(events / clock.Elapsed.TotalSeconds, shape.Events);

        void Set<T>(int at, Func<int, T> value)
        {
            var column = new T[shape.Events];
            for (var i = 0; i < column.Length; i++) column[i] = value(i);
            ((NpgsqlParameter<T[]>)_insert.Parameters[at]).TypedValue = column;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _insert.DisposeAsync();
        await _schema.DisposeAsync();
    }
}
