using System.Text;

namespace Picket.Fuzz.Targets;

/// <summary>Messages to begin with, in datagrams and in streams, and what messages are made of.</summary>
internal static class DnsSeeds
{
    private const byte Socket = 1;

    private static readonly byte[] Pointer = [0xc0, 12];

    /// <summary>The inputs.</summary>
    public static IEnumerable<byte[]> All
    {
        get
        {
            var query = Head(0x0100, 1, 0).Concat(Question("www.example.org", 1)).ToArray();
            var ipv4 = Answer(1, "www.example.org", (Pointer, 1, [192, 0, 2, 1]));
            var ipv6 = Answer(1, "www.example.org", (Pointer, 28, [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]));
            var chain = Answer(1, "www.example.org", (Pointer, 5, [3, (byte)'c', (byte)'d', (byte)'n', 0xc0, 16]), ([0xc0, 45], 1, [192, 0, 2, 2]));
            var others = Answer(1, "example.org", (Pointer, 15, [0, 10, 4, .. "mail"u8, 0xc0, 12]), (Pointer, 16, [5, .. "a;b c"u8]), (Pointer, 2, Label("ns")));
            yield return Step(DnsTarget.Query, query);
            yield return Steps.Joined(Step(DnsTarget.Query, query), Step(DnsTarget.Answer, ipv4));
            yield return Steps.Joined(Step(DnsTarget.Query, query), Step(DnsTarget.Answer, ipv6));
            yield return Steps.Joined(Step(DnsTarget.Query, query), Step(DnsTarget.Answer, chain));
            yield return Step(DnsTarget.Answer, others);
            yield return Step(DnsTarget.Answer, [.. Head(0x8180, 2, 0), .. Question("a.b", 1), 0xc0, 12, 0, 28, 0, 1]);
            yield return Step(DnsTarget.Answer, chain[..^5]);
            yield return [DnsTarget.NameAt, Socket, 5, 3, .. "org"u8, 0, 2, .. "Ab"u8, 0xc0, 0];
            yield return [DnsTarget.NameAt, Socket, 0, 4, (byte)'.', (byte)'\\', 0xff, (byte)' ', 0];
            var framed = Framed(query);
            yield return Step(DnsTarget.Segment, [0, .. framed, .. framed]);
            yield return Steps.Joined(Step(DnsTarget.Segment | DnsTarget.Begins, [0, .. framed[..1]]), Step(DnsTarget.Segment, [0, .. framed[1..20]]),
                Step(DnsTarget.Segment | DnsTarget.Drained, [0, .. framed[20..]]));
            yield return Steps.Joined(Step(DnsTarget.Segment | DnsTarget.Inward, [0, .. Framed(ipv4)[..30]]), Step(DnsTarget.Segment | DnsTarget.Inward, [0xf6, .. Framed(ipv4)[20..]]));
            yield return Steps.Joined(Step(DnsTarget.Segment | DnsTarget.Crowd, [0, .. framed[..9]]), Step(DnsTarget.Segment, [4, .. framed]));
            yield return Steps.Joined(Step(DnsTarget.Segment, [0, 0x11, 0, .. Enumerable.Repeat((byte)7, 3_900)]), Step(DnsTarget.Segment, [0, .. framed]));
        }
    }

    /// <summary>What mutations insert and put around parts.</summary>
    public static Vocabulary Vocabulary { get; } = new(
        [
            "\n%%\n"u8.ToArray(), [0], [1], [2], [3], [63], [64], [0xc0, 12], [0xc0, 0], [0xff, 0xff], [0x7f, 0xff], [0x80, 0], [0, 1], [0, 5], [0, 12], [0, 15],
            [0, 16], [0, 28], [0, 33], [0, 41], [0, 0, 0, 0], [0, 4], [0, 16], [0x81, 0x80], [1, (byte)'a', 0], [3, (byte)'w', (byte)'w', (byte)'w'],
            [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 3], [0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, 2, 0xc0, 16], [.. Enumerable.Repeat((byte)0, 12)],
            "\n%%\n"u8.ToArray().Concat(new byte[] { DnsTarget.Segment, Socket, 0 }).ToArray(),
            "\n%%\n"u8.ToArray().Concat(new byte[] { DnsTarget.Answer, Socket }).ToArray(), [0, 12, .. Enumerable.Repeat((byte)0, 12)],
        ],
        [([1], [0]), ([0, 4], []), ("\n%%\n\x03\x01\0"u8.ToArray(), "\n%%\n\x03\x01\0"u8.ToArray())]);

    private static byte[] Step(int kind, byte[] bytes) => [(byte)kind, Socket, .. bytes];

    private static byte[] Framed(byte[] message) => [(byte)(message.Length >> 8), (byte)message.Length, .. message];

    private static byte[] Head(int flags, byte questions, byte answers) => [0, 7, (byte)(flags >> 8), (byte)flags, 0, questions, 0, answers, 0, 0, 0, 0];

    private static byte[] Question(string name, byte type) => [.. name.Split('.').SelectMany(label => Label(label)[..^1]), 0, 0, type, 0, 1];

    private static byte[] Label(string label) => [(byte)label.Length, .. Encoding.ASCII.GetBytes(label), 0];

    private static byte[] Answer(byte type, string name, params (byte[] Owner, byte Type, byte[] Data)[] records) =>
    [
        .. Head(0x8180, 1, (byte)records.Length), .. Question(name, type),
        .. records.SelectMany(record => (byte[])[.. record.Owner, 0, record.Type, 0, 1, 0, 0, 0, 60, 0, (byte)record.Data.Length, .. record.Data]),
    ];
}
