using Npgsql;
using NpgsqlTypes;
using Picket.Actors.Persistence.Sql.Rows;

namespace Picket.Actors.Persistence.Sql.Postgres;

/// <summary>Rows as the columns that unnest takes: one statement and one round trip for any number of them.</summary>
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

    public PostgresBatch(IReadOnlyList<EventRow> rows)
    {
        _names = new string[rows.Count];
        _numbers = new long[rows.Count];
        _written = new long[rows.Count];
        _writers = new string[rows.Count];
        _manifests = new string[rows.Count];
        _types = new string[rows.Count];
        _payloads = new byte[rows.Count][];
        _sums = new long[rows.Count];
        for (var i = 0; i < rows.Count; i++)
        {
            var row = rows[i];
            _names[i] = row.PersistenceId;
            _numbers[i] = row.SequenceNr;
            _written[i] = row.Written;
            _writers[i] = row.Writer;
            _manifests[i] = row.Manifest;
            _types[i] = row.Type;
            _payloads[i] = row.Payload;
            _sums[i] = row.Sum;
        }
    }

    public int Count => _names.Length;

    public IReadOnlyList<string> Names => _names;

    /// <summary>The insert under keys that are known.</summary>
    public NpgsqlBatchCommand Insert(string sql, long[] keys) => WithColumns(sql, new NpgsqlParameter<long[]> { TypedValue = keys });

    /// <summary>The insert that looks the keys up by name.</summary>
    public NpgsqlBatchCommand InsertByName(string sql) => WithColumns(sql, Text(_names));

    /// <summary>The question how many of the rows are stored, by this very writer with this very content.</summary>
    public NpgsqlBatchCommand CountWritten(string sql) =>
        new(sql) { Parameters = { Text(_names), Number(_numbers), Text(_writers), Number(_sums) } };

    private NpgsqlBatchCommand WithColumns(string sql, NpgsqlParameter first) => new(sql)
    {
        Parameters =
        {
            first, Number(_numbers), Number(_written), Text(_writers), Text(_manifests), Text(_types),
            new NpgsqlParameter<byte[]?[]> { TypedValue = _payloads, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea }, Number(_sums),
        },
    };

    private static NpgsqlParameter<string[]> Text(string[] values) => new() { TypedValue = values };

    private static NpgsqlParameter<long[]> Number(long[] values) => new() { TypedValue = values };
}
