using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Picket.Detection.Events;
using Picket.Sensors.Evtx.BinXml;
using Picket.Sensors.Evtx.Chunks;
using Picket.Sensors.Replay;

namespace Picket.Sensors.Evtx;

/// <summary>
/// Reads a Windows event log (EVTX), on any system and in constant memory. Fields have the names that Sigma's rules know them by (those of
/// the event's data, of <c>System</c> as <c>EventID</c> or <c>Provider_Name</c>). What is damaged is told with its place, and all records
/// that are whole are read: behind the damage, in chunks that the file's header does not count, and in chunks that have lost their own.
/// </summary>
public sealed class EvtxReader : IRecordReader
{
    private readonly EventSource _source;
    private readonly Action<MalformedRecord> _onMalformed;
    private readonly ChunkStream _chunks;
    private readonly EvtxChunk _chunk = new();
    private readonly RecordDecoder _decoder = new();
    private bool _hasChunk;
    private bool _isPending;
    private int _chunkStart;
    private int _recordStart;
    private int _recordLength;
    private long _chunkText;

    /// <summary>Reads <paramref name="input"/>, which the reader then owns and which needs not be able to seek.</summary>
    /// <param name="input">The bytes.</param>
    /// <param name="file">What alerts and errors call the input.</param>
    /// <param name="onMalformed">Told of each damaged place, in order.</param>
    public EvtxReader(Stream input, string file, Action<MalformedRecord> onMalformed)
    {
        _source = new EventSource("replay", "", file, 0) { Original = EvtxJson.Shared };
        _onMalformed = onMalformed;
        _chunks = new ChunkStream(input, Reject);

        // Names are only looked up while reading: those that are asked for afterwards must be known before the first record.
        RuntimeHelpers.RunClassConstructor(typeof(Fields).TypeHandle);
        RuntimeHelpers.RunClassConstructor(typeof(RecordRoute).TypeHandle);
        RuntimeHelpers.RunClassConstructor(typeof(RecordTime).TypeHandle);
    }

    /// <summary>The bytes that a Windows event log begins with.</summary>
    public static ReadOnlySpan<byte> Magic => ChunkStream.Magic;

    /// <inheritdoc/>
    public long Records { get; private set; }

    /// <inheritdoc/>
    public long Malformed { get; private set; }

    /// <inheritdoc/>
    public long BytesRead => _chunks.BytesRead;

    /// <inheritdoc/>
    public bool Fill(EventBatch batch, IBatchOwner? owner) // hot
    {
        batch.Begin(_source, owner);
        _chunkStart = -1;
        while (batch.Count < batch.Capacity)
        {
            if (!_isPending && !TryDecodeNext()) break;
            var needed = _decoder.Fields.Length + (_chunkStart < 0 ? EvtxChunk.Size : 0) + 16;
            _isPending = batch.Count > 0 && batch.FreeBytes < needed;
            if (_isPending) break;
            Put(batch);
        }

        return batch.Count > 0;
    }

    /// <summary>Reads the next record without keeping its fields: what reading alone costs. False at the end.</summary>
    internal bool Skip()
    {
        if (!TryDecodeNext()) return false;
        Records++;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _chunks.Dispose();

    private void Put(EventBatch batch) // hot
    {
        // The chunk goes with its records: should one of them be told in an alert, its templates are at hand.
        if (_chunkStart < 0) _chunkStart = batch.Append(_chunk.Bytes);
        ref var record = ref batch.Add(EventKind.Unknown);
        Records++;
        record.Sequence = (ulong)Records;
        record.RawStart = _chunkStart + _recordStart;
        record.RawLength = _recordLength;
        record.FrameStart = _chunkStart;
        _decoder.Fields.CopyTo(batch);
        record.TimeNs = TimeOf(batch.View(batch.Count - 1));
        RecordRoute.Set(batch, ref record);
    }

    /// <summary>When it happened as the event itself says, as for JSON; else when it was made; else when it was written.</summary>
    private ulong TimeOf(in EventView view) // hot
    {
        if (RecordTime.OfEvent(view) is > 0 and var happened) return happened;
        if (_decoder.Fields.TimeNs > 0) return _decoder.Fields.TimeNs;
        return ValueText.UnixNs(BinaryPrimitives.ReadInt64LittleEndian(_chunk.Bytes[(_recordStart + 16)..]));
    }

    private bool TryDecodeNext() // hot
    {
        while (true)
        {
            if (!_hasChunk && !TryReadChunk()) return false;
            if (!_chunk.TryNext(out _recordStart, out _recordLength, out var isWhole, out var skippedFrom)) _hasChunk = false;
            if (skippedFrom >= 0) Reject(_chunk.Offset + skippedFrom, "here is no record; the next one is looked for");
            if (!_hasChunk) continue;
            var start = _recordStart + EvtxChunk.RecordHeaderSize;
            var isSound = _decoder.TryDecode(_chunk.Bytes, start, _recordStart + _recordLength - 4);
            if (!isSound) Reject(_chunk.Offset + _recordStart, _decoder.Fault.Message ?? "the record cannot be read");
            _chunkText += _decoder.Fields.Length;
            if (_chunkText > XmlLimits.MostTextOfChunk)
            {
                Reject(_chunk.Offset + _recordStart, "the chunk's records repeat their values without end; the next chunk is read");
                _hasChunk = false;
                continue;
            }

            // A length that is not at the record's end as well may reach over others, even where the record itself can be read.
            if (!isWhole) _chunk.Reconsider(_recordStart);
            if (isSound) return true;
        }
    }

    private bool TryReadChunk()
    {
        _decoder.Clear();
        _chunkText = 0;
        _chunkStart = -1;
        return _hasChunk = _chunks.TryRead(_chunk);
    }

    private void Reject(long offset, string message)
    {
        Malformed++;

        // There are no lines: the place is the byte.
        _onMalformed(new MalformedRecord(_source.File!, 0, 0, $"byte {offset}: {message}"));
    }
}
