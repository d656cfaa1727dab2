using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Picket.Detection.Events;

namespace Picket.Sensors.Replay;

/// <summary>
/// Reads NDJSON of Sigma-named fields: one JSON object a line, in constant memory. A malformed line is counted and told with
/// its place; the next one is read.
/// </summary>
public sealed class NdjsonReader : IDisposable
{
    /// <summary>The longest line that is read, in bytes. A longer one is malformed.</summary>
    public const int MaxLine = 16 * 1024 * 1024;

    private static readonly byte[] Bom = [0xEF, 0xBB, 0xBF];

    private readonly Stream _input;
    private readonly EventSource _source;
    private readonly Action<MalformedRecord> _onMalformed;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(256 * 1024);
    private int _start;
    private int _end;
    private bool _ended;
    private bool _skipping;
    private ulong _line;

    /// <summary>Reads <paramref name="input"/>, which the reader then owns.</summary>
    /// <param name="input">The bytes.</param>
    /// <param name="file">What alerts and errors call the input.</param>
    /// <param name="onMalformed">Told of each malformed line, in order.</param>
    public NdjsonReader(Stream input, string file, Action<MalformedRecord> onMalformed)
    {
        _input = input;
        _source = new EventSource("replay", "", file, 0);
        _onMalformed = onMalformed;

        // Names are only looked up while reading: those that are asked for afterwards must be known before the first record.
        RuntimeHelpers.RunClassConstructor(typeof(Fields).TypeHandle);
        RuntimeHelpers.RunClassConstructor(typeof(RecordRoute).TypeHandle);
        RuntimeHelpers.RunClassConstructor(typeof(RecordTime).TypeHandle);
    }

    /// <summary>Lines with a record that was read.</summary>
    public long Records { get; private set; }

    /// <summary>Lines that were not a JSON object.</summary>
    public long Malformed { get; private set; }

    /// <summary>Bytes read so far.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Fills <paramref name="batch"/> with the next records; false when the input has ended and none was left.</summary>
    /// <exception cref="IOException">The input cannot be read.</exception>
    public bool Fill(EventBatch batch, IBatchOwner? owner)
    {
        batch.Begin(_source, owner);
        while (batch.Count < batch.Capacity && batch.FreeBytes > 4096)
        {
            if (!TryReadLine(out var line)) break;
            _line++;
            if (_line == 1 && line.StartsWith(Bom)) line = line[3..];
            if (line.EndsWith("\r"u8)) line = line[..^1];
            if (line.Trim(" \t"u8).IsEmpty) continue;
            Add(batch, line);
        }

        return batch.Count > 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _input.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private void Add(EventBatch batch, ReadOnlySpan<byte> line)
    {
        ref var record = ref batch.Add(EventKind.Unknown);
        record.Sequence = _line;
        record.RawStart = batch.Append(line);
        record.RawLength = line.Length;
        try
        {
            RecordFlattener.Flatten(batch, ref record, line);
            Records++;
        }
        catch (JsonException e)
        {
            batch.RemoveLast();
            Reject((int)(e.BytePositionInLine ?? 0) + 1, Plain(e.Message));
        }
    }

    /// <summary>System.Text.Json appends its own place, which counts lines within the line: ours is the one that helps.</summary>
    private static string Plain(string message)
    {
        var place = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return place < 0 ? message : message[..place];
    }

    private void Reject(int column, string message)
    {
        Malformed++;
        _onMalformed(new MalformedRecord(_source.File!, (long)_line, column, message));
    }

    private bool TryReadLine(out ReadOnlySpan<byte> line)
    {
        var scanned = _start;
        while (true)
        {
            var newline = _buffer.AsSpan(scanned, _end - scanned).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                line = _buffer.AsSpan(_start, scanned + newline - _start);
                _start = scanned + newline + 1;
                if (!_skipping) return true;
                _skipping = false;
                scanned = _start;
                continue;
            }

            if (_ended)
            {
                line = _buffer.AsSpan(_start, _end - _start);
                _start = _end;
                return !line.IsEmpty && !_skipping;
            }

            scanned = Read();
        }
    }

    /// <summary>Reads more; returns where the scan for a newline goes on.</summary>
    private int Read()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end >= MaxLine || _skipping)
        {
            if (!_skipping)
            {
                _line++;
                Reject(MaxLine, $"the line is longer than {MaxLine} bytes");
                _skipping = true;
            }

            _end = 0;
        }
        else if (_end == _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(0, _end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        var scanned = _end;
        var read = _input.Read(_buffer, _end, _buffer.Length - _end);
        _ended = read == 0;
        _end += read;
        BytesRead += read;
        return scanned;
    }
}
