using Picket.Sensors.Dns;

namespace Picket.Fuzz.Targets;

/// <summary>Puts the messages of TCP together as <see cref="DnsStreams"/> says, with a list for each stream.</summary>
internal sealed class StreamTwin
{
    private const int LengthSize = 2;

    /// <summary>Two messages, or what they could be.</summary>
    private const int Room = (2 * DnsStreams.LongestMessage) + LengthSize;

    private readonly Dictionary<(ulong Socket, bool Inward), Stream> _streams = [];
    private ulong _clock;
    private Stream _current = new();

    /// <summary>Bytes that came and are in no message that was given.</summary>
    public long Lost { get; private set; }

    /// <summary>Takes a segment.</summary>
    public void Append(ulong socket, bool inward, uint sequence, bool begins, ReadOnlySpan<byte> bytes)
    {
        if (!_streams.TryGetValue((socket, inward), out var stream))
        {
            if (_streams.Count == DnsStreams.Most)
            {
                var oldest = _streams.MinBy(pair => pair.Value.Used);
                Lost += oldest.Value.Bytes.Count;
                _streams.Remove(oldest.Key);
            }

            stream = _streams[(socket, inward)] = new Stream { Expected = sequence };
        }

        _current = stream;
        stream.Used = ++_clock;
        var ahead = (int)(sequence - stream.Expected);
        if (begins || ahead > 0)
        {
            Lost += stream.Bytes.Count;
            stream.Bytes.Clear();
            stream.Skip = 0;
            stream.Expected = sequence;
            ahead = 0;
        }

        foreach (var one in bytes[(int)Math.Min(bytes.Length, -(long)ahead)..])
        {
            // What there is no room for never came: the next segment finds a hole.
            if (stream.Skip == 0 && stream.Bytes.Count == Room)
            {
                Lost += sequence + (uint)bytes.Length - stream.Expected;
                return;
            }

            stream.Expected++;
            if (stream.Skip > 0) stream.Skip--;
            else stream.Bytes.Add(one);
        }
    }

    /// <summary>The next message of the stream that was appended to last; null for none.</summary>
    public byte[]? Next()
    {
        var bytes = _current.Bytes;
        if (bytes.Count < LengthSize) return null;
        var length = bytes[0] << 8 | bytes[1];
        var kept = Math.Min(length, DnsStreams.LongestMessage);
        if (bytes.Count < LengthSize + kept) return null;
        byte[] message = [.. bytes.Skip(LengthSize).Take(kept)];
        var taken = Math.Min(bytes.Count, LengthSize + length);
        bytes.RemoveRange(0, taken);
        _current.Skip = LengthSize + length - taken;
        return message;
    }

    private sealed class Stream
    {
        public List<byte> Bytes { get; } = [];

        public ulong Used { get; set; }

        public uint Expected { get; set; }

        public int Skip { get; set; }
    }
}
