using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Picket.Detection.Events;
using Picket.Sensors.Dns;
using Picket.Sensors.Ebpf.Decoding;
using Picket.Sensors.Ebpf.Records;
using Picket.Spec.Ebpf;

namespace Picket.Spec.Dns;

/// <summary>Captured packets as events: which answer is one, and what connections are called after it.</summary>
public sealed class DnsDecoderTests
{
    private const ulong Second = 1_000_000_000;

    private static readonly EventSource Source = new("ebpf", "test", null, 0);

    private readonly RecordDecoder _decoder = new();
    private readonly EventBatch _batch = new(16, 64 * 1024);

    [Fact]
    public void An_answer_needs_the_socket_the_id_and_the_question_of_a_query()
    {
        var query = DnsBytes.Query(7, "www.Example.test").ToArray();
        var answer = DnsBytes.Answer(7, "WWW.example.test").Address("www.example.test", "192.0.2.1").ToArray();
        Decode(Packet(RecordKind.DnsQuery, query));
        foreach (var (wrong, why) in new (byte[], string)[]
        {
            (Packet(RecordKind.DnsAnswer, answer, socket: 2), "another socket"),
            (Packet(RecordKind.DnsAnswer, DnsBytes.Answer(8, "www.example.test").Address("www.example.test", "192.0.2.1").ToArray()), "another id"),
            (Packet(RecordKind.DnsAnswer, DnsBytes.Answer(7, "www.evil.test").Address("www.evil.test", "192.0.2.1").ToArray()), "another question"),
            (Packet(RecordKind.DnsAnswer, DnsBytes.Answer(7, "www.example.test", 28).ToArray()), "another type"),
        })
        {
            Assert.True(Decode(wrong).Single()[Fields.Unsolicited] == "true", why);
            Assert.Null(Decode(Connection("192.0.2.1", 1)).Single()[Fields.DestinationHostname]);
        }

        Assert.Null(Decode(Packet(RecordKind.DnsAnswer, answer)).Single()[Fields.Unsolicited]);
        Assert.Equal("www.example.test", Decode(Connection("192.0.2.1", 1)).Single()[Fields.DestinationHostname]);
        Assert.Equal("true", Decode(Packet(RecordKind.DnsAnswer, answer)).Single()[Fields.Unsolicited]);
    }

    [Fact]
    public void Datagrams_that_are_handed_over_as_one_are_parted()
    {
        byte[] both = [.. DnsBytes.Query(1, "a.test").ToArray(), .. DnsBytes.Query(2, "b.test").ToArray()];
        var seen = Decode(Packet(RecordKind.DnsQuery, both, sequence: (uint)both.Length / 2));
        Assert.Equal(["a.test", "b.test"], seen.Select(e => e[Fields.QueryName]));
        Assert.Equal("a.test", Decode(Packet(RecordKind.DnsQuery, both)).Single()[Fields.QueryName]);
    }

    [Fact]
    public void A_connection_is_named_in_its_namespace_and_until_the_answer_ends()
    {
        Decode(Packet(RecordKind.DnsQuery, DnsBytes.Query(1, "a.test").ToArray()));
        var answer = DnsBytes.Answer(1, "a.test").Alias("a.test", "b.test", 100).Address("b.test", "192.0.2.1", 500).Address("b.test", "2001:db8::1", 500).ToArray();
        Decode(Packet(RecordKind.DnsAnswer, answer, time: 10 * Second));
        Assert.Equal("a.test", Decode(Connection("192.0.2.1", 110 * Second)).Single()[Fields.DestinationHostname]);
        Assert.Equal("a.test", Decode(Connection("2001:db8::1", 110 * Second)).Single()[Fields.DestinationHostname]);
        Assert.Null(Decode(Connection("192.0.2.1", 111 * Second)).Single()[Fields.DestinationHostname]);
        Assert.Null(Decode(Connection("192.0.2.1", 11 * Second, network: 9)).Single()[Fields.DestinationHostname]);
        Assert.Null(Decode(Connection("192.0.2.2", 11 * Second)).Single()[Fields.DestinationHostname]);
        var taken = Decode(Connection("192.0.2.1", 11 * Second, NetworkFlags.None)).Single();
        Assert.Equal(("a.test", null, "192.0.2.1", "false"),
            (taken[Fields.SourceHostname], taken[Fields.DestinationHostname], taken[Fields.SourceIp], taken[Fields.Initiated]));
    }

    [Fact]
    public void A_new_decoder_goes_on_where_the_one_before_stopped()
    {
        var state = new DnsState();
        var first = new RecordDecoder(state);
        Decode(first, Packet(RecordKind.DnsQuery, DnsBytes.Query(1, "a.test").ToArray()));
        var second = new RecordDecoder(state);
        Assert.Null(Decode(second, Packet(RecordKind.DnsAnswer, DnsBytes.Answer(1, "a.test").Address("a.test", "192.0.2.1").ToArray())).Single()[Fields.Unsolicited]);
        Assert.Equal("a.test", Decode(new RecordDecoder(state), Connection("192.0.2.1", 1)).Single()[Fields.DestinationHostname]);
    }

    [Fact]
    public void A_stream_of_more_messages_than_one_record_may_become_loses_none()
    {
        var names = Enumerable.Range(0, 20).Select(i => $"n{i}.test").ToList();
        var all = names.SelectMany((name, i) => DnsBytes.Query((ushort)i, name).Framed()).ToArray();
        var seen = Decode(Packet(RecordKind.DnsQuery, all, protocol: 6));
        Assert.Equal(RecordDecoder.MostPerRecord, seen.Count);
        for (var more = 0; more < 3; more++)
            seen.AddRange(Decode(Packet(RecordKind.DnsQuery, more == 0 ? DnsBytes.Query(99, "last.test").Framed() : [], protocol: 6, sequence: (uint)all.Length)));
        Assert.Equal([.. names, "last.test"], seen.Select(e => e[Fields.QueryName]));
    }

    [Fact]
    public void A_message_that_says_no_name_and_a_reply_in_the_wrong_direction_are_passed_without_harm()
    {
        Assert.Empty(Decode(Packet(RecordKind.DnsQuery, DnsBytes.Answer(1, "a.test").ToArray())));
        Assert.Empty(Decode(Packet(RecordKind.DnsAnswer, DnsBytes.Query(1, "a.test").ToArray())));
        var nameless = Decode(Packet(RecordKind.DnsQuery, new DnsBytes().Head(3, 0x0100).ToArray())).Single();
        Assert.Equal((null, null), (nameless[Fields.QueryName], nameless[Fields.Malformed]));
        Assert.Equal("true", Decode(Packet(RecordKind.DnsQuery, [1, 2, 3])).Single()[Fields.Malformed]);
    }

    [Fact]
    public void Any_payload_is_decoded_and_counted()
    {
        var random = new Random(4);
        for (var round = 0; round < 20_000; round++)
        {
            var payload = new byte[random.Next(200)];
            random.NextBytes(payload);
            var protocol = (ushort)(random.Next(2) == 0 ? 6 : 17);
            var record = Packet(random.Next(2) == 0 ? RecordKind.DnsQuery : RecordKind.DnsAnswer, payload, protocol: protocol, socket: (ulong)random.Next(600), sequence: (uint)random.Next(1000));
            if (random.Next(4) == 0) record[random.Next(32, Math.Min(104, record.Length))] = (byte)random.Next(256);
            _batch.Begin(Source, null);
            _decoder.Decode(record, 1, false, _batch);
            foreach (ref readonly var entry in _batch.Entries) Assert.InRange(entry.Start + entry.Length, 0, _batch.Arena.Length);
            _batch.LetGo();
        }

        Assert.Equal(20_000, _decoder.Decoded + _decoder.Malformed);
        Assert.True(_decoder.Malformed > 100);
    }

    [Fact]
    public void Nothing_is_allocated_for_an_event()
    {
        byte[][] records =
        [
            Packet(RecordKind.DnsQuery, DnsBytes.Query(1, "a.test").ToArray()),
            Packet(RecordKind.DnsAnswer, DnsBytes.Answer(1, "a.test").Address("a.test", "192.0.2.1").ToArray()),
            Packet(RecordKind.DnsQuery, DnsBytes.Query(1, "b.test").Framed(), protocol: 6),
            Connection("192.0.2.1", 1),
        ];
        for (var round = 0; round < 200; round++) Pass(records);
        Assert.Equal(0, Allocated.Least(() =>
        {
            for (var round = 0; round < 1000; round++) Pass(records);
        }));
    }

    private void Pass(byte[][] records)
    {
        foreach (var record in records)
        {
            _batch.Begin(Source, null);
            _decoder.Decode(record, 1, false, _batch);
            _batch.LetGo();
        }
    }

    private List<SeenEvent> Decode(byte[] record) => Decode(_decoder, record);

    private List<SeenEvent> Decode(RecordDecoder decoder, byte[] record)
    {
        _batch.Begin(Source, null);
        Assert.Equal(DecodeResult.Decoded, decoder.Decode(record, 1, false, _batch));
        var seen = new List<SeenEvent>();
        for (var i = 0; i < _batch.Count; i++) seen.Add(SeenEvent.Of(_batch.View(i)));
        _batch.LetGo();
        return seen;
    }

    private static byte[] Packet(RecordKind kind, byte[] payload, ulong socket = 1, ushort protocol = 17,
        uint sequence = 0, ulong time = 1)
    {
        var size = Unsafe.SizeOf<DnsRecord>();
        var bytes = new byte[size + payload.Length];
        ref var record = ref MemoryMarshal.AsRef<DnsRecord>(bytes.AsSpan());
        Head(ref record.Header, kind, bytes.Length, time);
        Ends(ref record.Ends, "192.0.2.53", 53, protocol, 1);
        record.Socket = socket;
        record.Sequence = sequence;
        record.Payload = new RecordSlice { Offset = (uint)size, Length = (uint)payload.Length };
        payload.CopyTo(bytes, size);
        return bytes;
    }

    private static byte[] Connection(string address, ulong time, NetworkFlags flags = NetworkFlags.Initiated, uint network = 1)
    {
        var bytes = new byte[Unsafe.SizeOf<NetworkRecord>()];
        ref var record = ref MemoryMarshal.AsRef<NetworkRecord>(bytes.AsSpan());
        Head(ref record.Header, RecordKind.Connect, bytes.Length, time);
        Ends(ref record.Ends, address, 443, 6, network);
        record.Flags = flags;
        return bytes;
    }

    private static void Head(ref RecordHeader header, RecordKind kind, int length, ulong time)
    {
        header.Kind = kind;
        header.Length = (uint)length;
        header.Time = time;
    }

    private static void Ends(ref SocketEnds ends, string address, ushort port, ushort protocol, uint network)
    {
        var parsed = IPAddress.Parse(address);
        parsed.MapToIPv6().GetAddressBytes().CopyTo((Span<byte>)ends.Remote);
        ends.RemotePort = port;
        ends.Protocol = protocol;
        ends.Network = network;
        ends.Family = parsed.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? SocketEnds.InterNetwork : SocketEnds.InterNetworkV6;
    }
}
