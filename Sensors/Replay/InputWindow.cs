using System.Buffers;

namespace Picket.Sensors.Replay;

/// <summary>The part of an input that is in memory: what is read and not yet done with, and where that is, as line and column.</summary>
internal sealed class InputWindow : IDisposable
{
    private static readonly byte[] Bom = [0xEF, 0xBB, 0xBF];

    private readonly Stream _input;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(256 * 1024);
    private int _at;
    private int _end;
    private long _lineStart;
    private long _bufferStart;

    /// <summary>Reads <paramref name="input"/>, which the window then owns.</summary>
    public InputWindow(Stream input) => _input = input;

    /// <summary>Bytes read so far.</summary>
    public long BytesRead => _bufferStart + _end;

    /// <summary>The line, from 1, of the first byte of <see cref="Rest"/>.</summary>
    public long Line { get; private set; } = 1;

    /// <summary>The byte of its line, from 1, that the first one of <see cref="Rest"/> is.</summary>
    public int Column => (int)Math.Min(_bufferStart + _at - _lineStart + 1, int.MaxValue);

    /// <summary>Whether the input has no more than <see cref="Rest"/>.</summary>
    public bool Ended { get; private set; }

    /// <summary>What is read and not yet done with.</summary>
    public ReadOnlySpan<byte> Rest => _buffer.AsSpan(_at, _end - _at); // hot

    /// <summary>Is done with <paramref name="bytes"/> of <see cref="Rest"/>.</summary>
    public void Advance(int bytes) // hot
    {
        var done = _buffer.AsSpan(_at, bytes);
        var last = done.LastIndexOf((byte)'\n');
        if (last >= 0)
        {
            Line += done[..last].Count((byte)'\n') + 1;
            _lineStart = _bufferStart + _at + last + 1;
        }

        _at += bytes;
    }

    /// <summary>Adds to <see cref="Rest"/>, whose bytes may move; false when the input has ended.</summary>
    /// <exception cref="IOException">The input cannot be read.</exception>
    /// <exception cref="InvalidDataException">The input is packed, and damaged.</exception>
    public bool Read()
    {
        if (Ended) return false;
        if (_at > 0) Compact();
        if (_end == _buffer.Length) Grow();
        var first = BytesRead == 0;
        int read;
        try
        {
            read = _input.Read(_buffer, _end, _buffer.Length - _end);
        }
        catch
        {
            // Whoever catches it may still take what was read before.
            Ended = true;
            throw;
        }

        Ended = read == 0;
        _end += read;
        if (first) SkipByteOrderMark();
        return !Ended;
    }

    /// <summary>Skips to the beginning of the next line.</summary>
    public void SkipLine()
    {
        while (true)
        {
            var end = Rest.IndexOf((byte)'\n');
            Advance(end < 0 ? Rest.Length : end + 1);
            if (end >= 0 || !Read()) return;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _input.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _at = _end = 0;
    }

    private void Compact()
    {
        _buffer.AsSpan(_at, _end - _at).CopyTo(_buffer);
        _bufferStart += _at;
        _end -= _at;
        _at = 0;
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.AsSpan(0, _end).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    private void SkipByteOrderMark()
    {
        // A stream may give its first bytes one by one.
        while (_end < Bom.Length && Bom.AsSpan().StartsWith(_buffer.AsSpan(0, _end)) && !Ended)
        {
            var read = _input.Read(_buffer, _end, Bom.Length - _end);
            Ended = read == 0;
            _end += read;
        }

        if (!_buffer.AsSpan(0, _end).StartsWith(Bom)) return;
        _at = Bom.Length;
        _lineStart = Bom.Length;
    }
}
