using System.Buffers.Binary;

namespace Picket.Sensors.Dns;

/// <summary>
/// Messages in the byte streams of TCP: each with its length before it, several to a segment, or one over several. Segments that
/// come again are passed over; after a hole the stream is read on as if a message began there.
/// </summary>
/// <remarks>Bounded: the stream that was silent longest makes room. One writer.</remarks>
internal sealed class DnsStreams
{
    /// <summary>Streams that are followed at once; a connection has two.</summary>
    public const int Most = 256;

    /// <summary>Bytes of a message that are kept; what is behind them is passed over.</summary>
    public const int LongestMessage = 4096;

    private const int LengthSize = 2;
    private const int Room = 2 * LongestMessage + LengthSize;

    private readonly Stream[] _streams = new Stream[Most];
    private readonly Dictionary<(ulong Socket, bool Inward), int> _places = new(Most);
    private ulong _clock;
    private int _current;

    /// <summary>Bytes of messages that could not be put together, those lent not among them.</summary>
    public long Lost { get; private set; }

    /// <summary>Takes a segment; <see cref="TryNext"/> gives the messages that are whole now.</summary>
    /// <param name="socket">The socket's cookie.</param>
    /// <param name="inward">The direction.</param>
    /// <param name="sequence">The number of the segment's first byte.</param>
    /// <param name="begins">Whether the stream begins with it.</param>
    /// <param name="bytes">Its payload, or the beginning of it.</param>
    public void Append(ulong socket, bool inward, uint sequence, bool begins, ReadOnlySpan<byte> bytes) // hot
    {
        ref var stream = ref Place(socket, inward, out var known);
        stream.Used = ++_clock;
        stream.Consume();
        if (begins || !known)
        {
            Lost += stream.Filled;
            stream.Restart(sequence);
        }

        var ahead = (int)(sequence - stream.Expected);
        if (ahead < 0)
        {
            // Sent again: what is known of it is passed over.
            if (-(long)ahead >= bytes.Length) return;
            bytes = bytes[-ahead..];
        }
        else if (ahead > 0)
        {
            Lost += stream.Filled;
            stream.Restart(sequence);
        }

        var passed = Math.Min(stream.Skip, bytes.Length);
        stream.Skip -= passed;
        bytes = bytes[passed..];
        var fits = Math.Min(bytes.Length, Room - stream.Filled);
        Lost += bytes.Length - fits;
        bytes[..fits].CopyTo(stream.Bytes.AsSpan(stream.Filled));

        // What there is no room for leaves a hole: else the next segment would go on in the midst of a message.
        stream.Expected += (uint)(passed + fits);
        stream.Filled += fits;
    }

    /// <summary>The next whole message of the stream that was appended to last, lent until the next call.</summary>
    public bool TryNext(out ReadOnlySpan<byte> message) // hot
    {
        ref var stream = ref _streams[_current];
        message = default;
        stream.Consume();
        if (stream.Filled < LengthSize) return false;
        var length = BinaryPrimitives.ReadUInt16BigEndian(stream.Bytes);
        var kept = Math.Min((int)length, LongestMessage);
        if (stream.Filled < LengthSize + kept) return false;
        message = stream.Bytes.AsSpan(LengthSize, kept);
        stream.Taken = LengthSize + length;
        return true;
    }

    private ref Stream Place(ulong socket, bool inward, out bool known) // hot
    {
        known = _places.TryGetValue((socket, inward), out _current);
        if (known) return ref _streams[_current];
        _current = _places.Count;
        if (_current == Most)
        {
            _current = 0;
            for (var i = 1; i < Most; i++)
            {
                if (_streams[i].Used < _streams[_current].Used) _current = i;
            }

            _places.Remove((_streams[_current].Socket, _streams[_current].Inward));
        }

        _places[(socket, inward)] = _current;
        ref var stream = ref _streams[_current];
        stream.Bytes ??= new byte[Room];
        stream.Socket = socket;
        stream.Inward = inward;
        return ref stream;
    }

    private struct Stream
    {
        public byte[] Bytes;
        public ulong Socket;
        public ulong Used;
        public bool Inward;

        /// <summary>The number of the next byte.</summary>
        public uint Expected;
        public int Filled;

        /// <summary>Bytes to come that nobody wants.</summary>
        public int Skip;

        /// <summary>Bytes of the message that was lent.</summary>
        public int Taken;

        public void Restart(uint sequence) // hot
        {
            Expected = sequence;
            Filled = 0;
            Skip = 0;
            Taken = 0;
        }

        /// <summary>Lets go of the message that was lent.</summary>
        public void Consume() // hot
        {
            if (Taken == 0) return;
            var here = Math.Min(Taken, Filled);
            Skip = Taken - here;
            Bytes.AsSpan(here, Filled - here).CopyTo(Bytes);
            Filled -= here;
            Taken = 0;
        }
    }
}
