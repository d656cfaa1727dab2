using Npgsql;
using NpgsqlTypes;
using Picket.Actors.Persistence.Sql.Rows;

namespace Picket.Actors.Persistence.Sql.Postgres;

/// <summary>
/// Rows as the columns that unnest takes: one statement and one round trip for any number of them. A few go as single values, for the
/// server needs longer to begin with arrays than to store them.
/// </summary>
internal sealed class PostgresBatch
{
    private readonly string[] _names;
    private readonly long[] _numbers;
    private readonly long[] _written;
    private readonly string[] _writers;
    private readonly string[] _manifests;
    private readonly string[] _types;
    private readonly byte[]?[] _payloads;
    private readonly long[] _sums;

    public PostgresBatch(EventBatch batch, IReadOnlyList<WriteSpan> writes)
    {
        var count = 0;
        foreach (var write in writes) count += write.Count;
        _names = new string[count];
        _numbers = new long[count];
        _written = new long[count];
        _writers = new string[count];
        _manifests = new string[count];
        _types = new string[count];
        _payloads = new byte[count][];
        _sums = new long[count];
        var at = 0;
        foreach (var write in writes)
        {
            for (var i = write.Start; i < write.Start + write.Count; i++, at++) Set(at, batch.Rows[i]);
        }
    }

    public int Count => _names.Length;

    public NpgsqlBatchCommand Insert(PostgresTables tables)
    {
        if (Count > PostgresTables.Few)
        {
            return new NpgsqlBatchCommand(tables.Insert)
            {
                Parameters =
                {
                    Text(_names), Number(_numbers), Number(_written), Text(_writers), Text(_manifests), Text(_types),
                    new NpgsqlParameter<byte[]?[]> { TypedValue = _payloads, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea },
                    Number(_sums),
                },
            };
        }

        var few = new NpgsqlBatchCommand(tables.InsertFew(Count));
        for (var i = 0; i < Count; i++)
        {
            few.Parameters.Add(One(_names[i]));
            few.Parameters.Add(One(_numbers[i]));
            few.Parameters.Add(One(_written[i]));
            few.Parameters.Add(One(_writers[i]));
            few.Parameters.Add(One(_manifests[i]));
            few.Parameters.Add(One(_types[i]));
            few.Parameters.Add(new NpgsqlParameter { Value = (object?)_payloads[i] ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bytea });
            few.Parameters.Add(One(_sums[i]));
        }

        return few;
    }

    /// <summary>The question how many of the rows are stored, by this very writer with this very content.</summary>
    public NpgsqlBatchCommand CountWritten(string sql) =>
        new(sql) { Parameters = { Text(_names), Number(_numbers), Text(_writers), Number(_sums) } };

    private void Set(int at, in EventRow row)
    {
        _names[at] = row.PersistenceId;
        _numbers[at] = row.SequenceNr;
        _written[at] = row.Written;
        _writers[at] = row.Writer;
        _manifests[at] = row.Manifest;
        _types[at] = row.Type;
        _payloads[at] = row.Payload;
        _sums[at] = row.Sum;
    }

    private static NpgsqlParameter<T> One<T>(T value) => new() { TypedValue = value };

    private static NpgsqlParameter<string[]> Text(string[] values) => new() { TypedValue = values };

    private static NpgsqlParameter<long[]> Number(long[] values) => new() { TypedValue = values };
}
