namespace Picket.Sensors.Evtx.Chunks;

/// <summary>
/// Takes an input apart into chunks. They lie one behind another; where one is damaged, another is looked for within it, so that an
/// input that was cut or lacks a part is read on from the next chunk. What the file's header counts is not relied on.
/// </summary>
internal sealed class ChunkStream(Stream input, Action<long, string> onDamage) : IDisposable
{
    private const int FileHeaderSize = 4096;

    private readonly byte[] _ahead = new byte[EvtxChunk.Size];
    private int _aheadLength;
    private long _offset;
    private bool _begun;

    /// <summary>The magic number that a file begins with.</summary>
    public static ReadOnlySpan<byte> Magic => "ElfFile\0"u8;

    /// <summary>Bytes read so far.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Reads the next chunk, or what is left of it; false at the end.</summary>
    /// <exception cref="IOException">The input cannot be read.</exception>
    public bool TryRead(EvtxChunk chunk)
    {
        if (!_begun) Begin();
        while (true)
        {
            var bytes = chunk.Bytes;
            _ahead.AsSpan(0, _aheadLength).CopyTo(bytes);
            var length = _aheadLength + Read(bytes[_aheadLength..]);
            _aheadLength = 0;
            if (length == 0) return false;
            chunk.Begin(_offset, length);
            var next = chunk is { HasMagic: true, HeaderIsSound: true, RecordsAreSound: true } && length == bytes.Length
                ? -1
                : FindChunk(bytes[..length], chunk.HasMagic ? EvtxChunk.HeaderSize : EvtxChunk.Magic.Length);
            if (next > 0)
            {
                bytes[next..length].CopyTo(_ahead);
                _aheadLength = length - next;
                chunk.CutAt(next);
                length = next;
            }

            _offset += length;
            if (!bytes.ContainsAnyExcept((byte)0)) continue;
            Tell(chunk, length);
            return true;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => input.Dispose();

    private void Begin()
    {
        _begun = true;
        var header = _ahead.AsSpan(0, FileHeaderSize);
        var length = Read(header);
        if (header[..length].StartsWith(Magic))
        {
            if (length < FileHeaderSize) onDamage(0, "the file ends within its header");
            _offset = length;
            return;
        }

        if (length > 0) onDamage(0, "the file does not begin as an event log does; chunks are looked for");
        _aheadLength = length;
    }

    private void Tell(EvtxChunk chunk, int length)
    {
        var damage = chunk switch
        {
            { HasMagic: false } => "here is no chunk, or it has lost its beginning; its records are looked for",
            _ when length < EvtxChunk.Size => $"the chunk ends after {length} bytes; its records are read as far as they go",
            { HeaderIsSound: false } => "the chunk's header is not what its checksum says; its records are read all the same",
            { RecordsAreSound: false } => "the chunk's records are not what their checksum says; they are read all the same",
            _ => null,
        };
        if (damage is not null) onDamage(chunk.Offset, damage);
    }

    /// <summary>Where another chunk begins within a damaged one; -1 where none does.</summary>
    private static int FindChunk(ReadOnlySpan<byte> bytes, int from)
    {
        while (from < bytes.Length)
        {
            var at = bytes[from..].IndexOf(EvtxChunk.Magic);
            if (at < 0) return -1;
            from += at;

            // Of a header that is not read whole yet nothing can be told.
            if (bytes.Length - from < EvtxChunk.HeaderSize || EvtxChunk.IsSoundHeader(bytes[from..])) return from;
            from += EvtxChunk.Magic.Length;
        }

        return -1;
    }

    private int Read(Span<byte> room)
    {
        var read = input.ReadAtLeast(room, room.Length, throwOnEndOfStream: false);
        BytesRead += read;
        return read;
    }
}
