using System.Buffers.Binary;

namespace Picket.Sensors.Evtx.Chunks;

/// <summary>
/// One chunk of an event log, or what is left of one: its header, its sums, and its records one after another. Where no record is, the
/// next one is looked for.
/// </summary>
internal sealed class EvtxChunk
{
    /// <summary>The bytes of a chunk.</summary>
    public const int Size = 64 * 1024;

    /// <summary>The bytes before its first record.</summary>
    public const int HeaderSize = 512;

    /// <summary>The bytes of a record before its binary XML.</summary>
    public const int RecordHeaderSize = 24;

    private const int SmallestRecord = RecordHeaderSize + 4;

    private readonly byte[] _bytes = new byte[Size];
    private int _at;
    private int _length;
    private int _freeSpace;
    private ulong _lastId;
    private bool _skipping;
    private int _skippedFrom;

    /// <summary>The magic number that a chunk begins with.</summary>
    public static ReadOnlySpan<byte> Magic => "ElfChnk\0"u8;

    /// <summary>What a record begins with.</summary>
    public static ReadOnlySpan<byte> RecordMagic => [0x2A, 0x2A, 0, 0];

    /// <summary>All bytes; zeros where the chunk is cut short.</summary>
    public Span<byte> Bytes => _bytes;

    /// <summary>The byte of the input at which the chunk begins.</summary>
    public long Offset { get; private set; }

    /// <summary>Whether the magic number is there.</summary>
    public bool HasMagic { get; private set; }

    /// <summary>Whether the header is as its sum says, or has none.</summary>
    public bool HeaderIsSound { get; private set; }

    /// <summary>Whether the records are as their sum says, or have none.</summary>
    public bool RecordsAreSound { get; private set; }

    /// <summary>Whether the header of a chunk at the start of <paramref name="bytes"/> is as its sum says, or has none.</summary>
    public static bool IsSoundHeader(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderSize || !bytes.StartsWith(Magic)) return false;
        var sum = BinaryPrimitives.ReadUInt32LittleEndian(bytes[124..]);
        return sum == 0 || sum == Crc32.Of(bytes[..120], bytes[128..HeaderSize]);
    }

    /// <summary>Takes <see cref="Bytes"/>, which were filled before, as a chunk.</summary>
    /// <param name="offset">The byte of the input at which they begin.</param>
    /// <param name="length">How many were there; the rest is made zeros.</param>
    public void Begin(long offset, int length)
    {
        Offset = offset;
        _length = length;
        _bytes.AsSpan(length).Clear();
        HasMagic = _bytes.AsSpan().StartsWith(Magic);
        HeaderIsSound = HasMagic && IsSoundHeader(_bytes);
        _freeSpace = (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(48)), Size);
        _lastId = BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(32));
        var sum = BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(52));
        RecordsAreSound = HasMagic && _freeSpace >= HeaderSize && (sum == 0 || sum == Crc32.Of(_bytes.AsSpan(HeaderSize.._freeSpace)));

        // Of a chunk without its header nothing is known but what is found.
        if (!HasMagic || _freeSpace < HeaderSize) _freeSpace = Size;
        _freeSpace = Math.Min(_freeSpace, length);
        _at = HasMagic ? HeaderSize : 0;
        _skipping = !HasMagic;
        _skippedFrom = Size;
    }

    /// <summary>The chunk ends here: another one begins within it.</summary>
    public void CutAt(int length)
    {
        _length = length;
        _freeSpace = Math.Min(_freeSpace, length);
        _bytes.AsSpan(length).Clear();
    }

    /// <summary>Looks for the next record within one that turned out to be none, and was told.</summary>
    /// <param name="start">Where it began.</param>
    public void Reconsider(int start)
    {
        _at = start + RecordMagic.Length;
        _skippedFrom = Size;
        _skipping = true;
    }

    /// <summary>Finds the next record; false at the end.</summary>
    /// <param name="start">Where it begins.</param>
    /// <param name="length">Its length.</param>
    /// <param name="isWhole">Whether its length stands at its end, too.</param>
    /// <param name="skippedFrom">Where bytes before it begin that are no record; -1 where there are none.</param>
    public bool TryNext(out int start, out int length, out bool isWhole, out int skippedFrom) // hot
    {
        skippedFrom = -1;
        if (!_skipping && _at < _freeSpace && IsRecord(_at, out length, out isWhole))
        {
            start = _at;
            _at += length;
            return true;
        }

        return TryFind(out start, out length, out isWhole, out skippedFrom);
    }

    private bool TryFind(out int start, out int length, out bool isWhole, out int skippedFrom)
    {
        if (!_skipping) _skippedFrom = _at;
        for (start = _at; start + SmallestRecord <= _length; start += RecordMagic.Length)
        {
            // Behind the end that the header names lies what was deleted; only what comes next in number was written since.
            var next = _bytes.AsSpan(start, _length - start).IndexOf(RecordMagic);
            if (next < 0) break;
            start += next;
            if (!IsRecord(start, out length, out isWhole) || !isWhole) continue;
            if (start >= _freeSpace && (start > Math.Max(_freeSpace, _at) || IdAt(start) != _lastId + 1)) break;
            if (start >= _freeSpace) (_freeSpace, _lastId) = (start + length, _lastId + 1);
            skippedFrom = start > _skippedFrom && !IsBlank(_skippedFrom, start) ? _skippedFrom : -1;
            _skipping = false;
            _at = start + length;
            return true;
        }

        var end = Math.Min(_freeSpace, _length);
        skippedFrom = _skippedFrom < end && !IsBlank(_skippedFrom, end) ? _skippedFrom : -1;
        _at = _skippedFrom = start = Size;
        _skipping = false;
        length = 0;
        isWhole = false;
        return false;
    }

    private bool IsRecord(int start, out int length, out bool isWhole) // hot
    {
        length = 0;
        isWhole = false;
        var bytes = _bytes.AsSpan(start, _length - start);
        if (bytes.Length < SmallestRecord || !bytes.StartsWith(RecordMagic)) return false;
        var size = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        if (size < SmallestRecord || size > bytes.Length) return false;
        length = (int)size;
        isWhole = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(length - 4)..]) == size;
        return true;
    }

    private ulong IdAt(int start) => BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(start + 8));

    private bool IsBlank(int from, int to) => !_bytes.AsSpan(from..to).ContainsAnyExcept((byte)0);
}
