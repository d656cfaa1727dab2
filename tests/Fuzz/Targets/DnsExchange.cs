using System.Net;
using System.Text;
using Picket.Sensors.Dns;
using Picket.Sensors.Ebpf.Decoding;

namespace Picket.Fuzz.Targets;

/// <summary>The tables of one input, small ones, and beside them what they must hold.</summary>
internal sealed class DnsExchange
{
    private const int Addresses = 8;
    private const int CrowdSize = DnsStreams.Most + 44;
    private const ulong Second = 1_000_000_000;

    private readonly DnsStreams _streams = new();
    private readonly StreamTwin _streamTwin = new();
    private readonly Dictionary<(ulong Socket, bool Inward), uint> _sent = [];
    private readonly PendingQueries _pending = new(groups: 1);
    private readonly List<(ulong Socket, int Id, string Name, int Type)> _asked = [];
    private readonly AddressNames _names = new(Addresses);
    private readonly DnsAnswers _answers = new();
    private ulong _now = Second;

    /// <summary>A name anywhere in bytes.</summary>
    public static string? Name(byte[] bytes, int at)
    {
        var (read, skipped, expected) = (at, at, at);
        var text = new byte[DnsName.LongestText];
        var twin = DnsTwin.Name(bytes, ref expected);
        var isName = DnsName.TryRead(bytes, ref read, text, out var length);
        if (isName != (twin is not null)) return $"name: one reader takes what the other, at {at}, does not: {twin}";
        if (twin is null) return null;
        if (Latin(text.AsSpan(0, length)) != twin) return $"name text: {twin}";
        if (read != expected) return $"name end: {read}, not {expected}";
        return DnsName.TrySkip(bytes, ref skipped) && skipped == expected ? null : $"name skipped: to {skipped}, not {expected}";
    }

    /// <summary>A message by itself, as <see cref="DnsDecoder"/> takes it.</summary>
    public string? Message(ulong socket, byte[] bytes, bool asks)
    {
        _now += socket * Second;
        var text = new byte[DnsName.LongestText];
        var isMessage = DnsMessage.TryRead(bytes, text, out var length, out var message);
        var twin = DnsTwin.Ask(bytes);
        if (isMessage != (twin is not null)) return $"message: one reader takes what the other does not: {twin}";
        if (twin is null) return null;
        var question = text.AsSpan(0, length);
        if ((Latin(question), (int)message.Type, message.AnswersAt) != (twin.Name, twin.Type, twin.AnswersAt)) return $"question: not {twin}";
        return asks ? Asked(socket, message.Id, question, message.Type) : Answered(socket, message, question, bytes, twin);
    }

    /// <summary>A segment; each message that it completes must be that of the twin.</summary>
    public string? Segment(byte flags, ulong socket, int distance, ReadOnlySpan<byte> bytes)
    {
        if ((flags & DnsTarget.Crowd) != 0)
        {
            for (var other = 0UL; other < CrowdSize; other++) Append(1000 + other, false, 0, false, "\0"u8);
        }

        var key = (socket, (flags & DnsTarget.Inward) != 0);
        var sequence = _sent.GetValueOrDefault(key, uint.MaxValue - 256) + (uint)distance;
        _sent[key] = sequence + (uint)bytes.Length;
        Append(socket, key.Item2, sequence, (flags & DnsTarget.Begins) != 0, bytes);
        var most = (flags & DnsTarget.Drained) != 0 ? int.MaxValue : RecordDecoder.MostPerRecord;
        for (var i = 0; i < most; i++)
        {
            var isWhole = _streams.TryNext(out var message);
            var expected = _streamTwin.Next();
            if (isWhole != (expected is not null)) return "stream: one has a message more than the other";
            if (expected is null) break;
            if (message.Length > DnsStreams.LongestMessage) return $"stream length: {message.Length}";
            if (!message.SequenceEqual(expected)) return "stream message: not what was sent";
        }

        return _streams.Lost == _streamTwin.Lost ? null : $"stream loss: {_streams.Lost}, not {_streamTwin.Lost}";
    }

    private void Append(ulong socket, bool inward, uint sequence, bool begins, ReadOnlySpan<byte> bytes)
    {
        _streams.Append(socket, inward, sequence, begins, bytes);
        _streamTwin.Append(socket, inward, sequence, begins, bytes);
    }

    private string? Asked(ulong socket, ushort id, ReadOnlySpan<byte> name, ushort type)
    {
        // Which of two equal ones an answer takes is nobody's business.
        if (_asked.Contains((socket, id, Latin(name), type))) return null;
        _pending.Add(socket, id, name, type);
        if (_asked.Count == PendingQueries.Ways) _asked.RemoveAt(0);
        _asked.Add((socket, id, Latin(name), type));
        return null;
    }

    private string? Answered(ulong socket, in DnsMessage message, ReadOnlySpan<byte> question, byte[] bytes, DnsTwin.Question twin)
    {
        _answers.Read(message, question);
        var expected = DnsTwin.Answer(bytes, twin);
        var found = new List<string>();
        foreach (var address in _answers.Addresses) found.Add(Of(address).ToString());
        if (!found.SequenceEqual(expected.Addresses)) return $"addresses: {string.Join(' ', found)}, not {string.Join(' ', expected.Addresses)}";
        if (_answers.TimeToLive != expected.Life) return $"life: {_answers.TimeToLive}, not {expected.Life}";
        var solicited = _pending.TryTake(socket, message.Id, question, message.Type);

        // A table of one group holds the youngest queries, and gives up the place of one that was answered.
        var place = _asked.IndexOf((socket, message.Id, Latin(question), message.Type));
        if (solicited != (place >= 0)) return $"solicited: {solicited}";
        if (place < 0) return null;
        _asked.RemoveAt(place);
        foreach (var address in _answers.Addresses)
        {
            if (Remembered(address, question, _answers.TimeToLive) is { } fault) return fault;
        }

        return null;
    }

    private string? Remembered(UInt128 address, ReadOnlySpan<byte> name, uint secondsToLive)
    {
        const int LongestKept = 255;
        Span<byte> text = stackalloc byte[AddressText.Longest];
        var written = Latin(text[..AddressText.Write(address, text)]);
        if (AddressText.Of(IPAddress.Parse(written)) != address) return $"address text: {written}";
        _names.Set(0, address, name, _now, secondsToLive);
        if (_names.Count > Addresses) return $"names: {_names.Count}";
        if (name.Length > LongestKept) return null;
        var life = Math.Clamp(secondsToLive, (uint)AddressNames.ShortestLife.TotalSeconds, (uint)AddressNames.LongestLife.TotalSeconds);
        var ends = _now + (life * Second);
        if (!_names.TryFind(0, address, ends, out var known) || !known.SequenceEqual(name)) return "name kept: not for its whole life";
        return _names.TryFind(0, address, ends + 1, out _) ? "name kept: beyond its life" : null;
    }

    private static IPAddress Of(UInt128 address)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, address);
        return new IPAddress(bytes);
    }

    private static string Latin(ReadOnlySpan<byte> text) => Encoding.Latin1.GetString(text);
}
