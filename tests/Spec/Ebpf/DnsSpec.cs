using Picket.Detection.Events;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Spec.Ebpf;

/// <summary>Questions to a name server and its answers on the real kernel, in namespaces of their own.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class DnsSpec : IDisposable
{
    private const string Results = "type:  5 alias.example.test;type:  5 real.example.test;203.0.113.5;";

    private readonly Probe _probe = new();
    private readonly string _names;

    public DnsSpec() => _names = CProgram.Compile("names", _probe.Folder);

    public void Dispose() => _probe.Dispose();

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void A_question_is_seen_by_every_call_with_its_answer_which_names_the_address(string server)
    {
        using var ring = LiveRing.With(true, Concern.Network, Concern.Dns);
        var said = PrivateNetwork.Run($"{_names} ways {server}");
        string[] expected = [.. new[] { "sendto", "sendmsg", "sendmmsg", "send", "write", "writev", "uring" }.Select(way => $"by-{way}.example.test")];
        var asked = ring.WaitFor("query", PrivateNetwork.Of(EventKind.DnsQuery, said["net"], said["client"]), expected.Length);
        Assert.Equal(expected, asked.Select(e => e[Fields.QueryName]));
        var answers = ring.WaitFor("answer", PrivateNetwork.Of(EventKind.DnsAnswer, said["net"], said["client"]), expected.Length);
        Assert.Equal(expected, answers.Select(e => e[Fields.QueryName]));
        foreach (var e in asked.Concat(answers))
        {
            Assert.Equal((server, "53", "udp", "A"), (e[Fields.DestinationIp], e[Fields.DestinationPort], e[Fields.Protocol], e[Fields.QueryType]));
            Assert.Equal((server, "true"), (e[Fields.SourceIp], e[Fields.Initiated]));
            Assert.Null(e[Fields.Malformed]);
        }

        Assert.All(asked, e => Assert.Equal((null, null), (e[Fields.QueryStatus], e[Fields.QueryResults])));
        Assert.All(answers, e => Assert.Equal(("0", Results, null), (e[Fields.QueryStatus], e[Fields.QueryResults], e[Fields.Unsolicited])));
        Assert.Equal(asked[0][Fields.SourcePort], answers[0][Fields.SourcePort]);
        var refused = ring.WaitFor("the connection that follows", PrivateNetwork.Of(EventKind.NetworkRefused, said["net"], said["client"]))[0];
        Assert.Equal((PrivateNetwork.Four, expected[^1]), (refused[Fields.DestinationIp], refused[Fields.DestinationHostname]));
        Assert.Equal(asked[0].Key, ring.WaitFor("its fork", e => e.Kind == EventKind.ProcessFork && e.Key.Pid == said["client"])[0].Key);
    }

    [Fact]
    public void Each_kind_of_question_and_answer_has_its_fields()
    {
        using var ring = LiveRing.With(true, Concern.Dns);
        var said = PrivateNetwork.Run($"{_names} kinds 127.0.0.1");
        const string Long = "long-label-of-many-letters.long-label-of-many-letters.long-label-of-many-letters.test";
        var answers = ring.WaitFor("answer", PrivateNetwork.Of(EventKind.DnsAnswer, said["net"], said["client"]), 8);
        var asked = ring.Read(PrivateNetwork.Of(EventKind.DnsQuery, said["net"], said["client"]));
        Assert.Equal(asked.Select(e => e[Fields.QueryName]), answers.Select(e => e[Fields.QueryName]));
        Assert.Equal(
            [
                ("absent.test", "A", "3", null), ("refused.test", "SRV", "5", null), ("six.test", "AAAA", "0", "2001:db8::7;"), ("text.test", "TXT", "0", "type: 16 hello;"),
                ("loop.test", "A", "0", "type:  5 ;"), ("any.test", "TYPE65280", "0", Results), (answers[6][Fields.QueryName]!, "A", "0", Results), (Long, "MX", "0", Results),
            ],
            answers.Select(e => (e[Fields.QueryName]!, e[Fields.QueryType]!, e[Fields.QueryStatus]!, e[Fields.QueryResults])));
        Assert.DoesNotContain(answers[6].Fields["QueryName"], b => b is (byte)'\n' or 0xff or 0xfe);
        Assert.Equal(["absent.test", "six.test"], new[] { asked[0], asked[2] }.Select(e => e[Fields.QueryName]));
        Assert.All(answers, e => Assert.Null(e[Fields.Unsolicited]));
    }

    [Fact]
    public void Messages_are_put_together_from_segments_and_taken_apart_within_them()
    {
        using var ring = LiveRing.With(true, Concern.Dns);
        var said = PrivateNetwork.Run($"{_names} stream 127.0.0.1");
        string[] expected = ["one.stream.test", "two.stream.test"];
        var asked = ring.WaitFor("query", PrivateNetwork.Of(EventKind.DnsQuery, said["net"], said["client"]), 2);
        Assert.Equal(expected, asked.Select(e => e[Fields.QueryName]));
        var answers = ring.WaitFor("answer", PrivateNetwork.Of(EventKind.DnsAnswer, said["net"], said["client"]), 2);
        Assert.Equal(expected, answers.Select(e => e[Fields.QueryName]));
        Assert.All(answers, e => Assert.Equal((Results, "tcp", null), (e[Fields.QueryResults], e[Fields.Protocol], e[Fields.Unsolicited])));
    }

    [Fact]
    public void An_answer_that_nobody_waits_for_says_so_and_rubbish_is_no_message()
    {
        using var ring = LiveRing.With(true, Concern.Dns);
        var said = PrivateNetwork.Run($"{_names} guess 127.0.0.1");
        var answers = ring.WaitFor("answer", PrivateNetwork.Of(EventKind.DnsAnswer, said["net"], said["client"]), 3);
        Assert.Equal(["true", null, "true"], answers.Select(e => e[Fields.Unsolicited]));
        var asked = ring.WaitFor("query", PrivateNetwork.Of(EventKind.DnsQuery, said["net"], said["client"]), 2);
        Assert.Equal([("asked.test", null), (null, "true")], asked.Select(e => (e[Fields.QueryName], e[Fields.Malformed])));
    }

    [Fact]
    public void All_packets_of_a_storm_are_accounted_for()
    {
        const int Rounds = 50_000;
        using var ring = LiveRing.Large(Concern.Dns);
        ring.Maps.State.SetWanted(kind => kind is RecordKind.DnsQuery or RecordKind.DnsAnswer);
        var task = Task.Run(() => PrivateNetwork.Run($"{_names} storm 127.0.0.1 {Rounds}"), TestContext.Current.CancellationToken);
        var read = new Dictionary<RecordKind, ulong> { [RecordKind.DnsQuery] = 0, [RecordKind.DnsAnswer] = 0 };
        while (true)
        {
            var ended = task.IsCompleted;
            while (ring.Reader.TryRead(out var record))
            {
                var kind = System.Runtime.InteropServices.MemoryMarshal.AsRef<RecordHeader>(record).Kind;
                if (read.TryGetValue(kind, out var count)) read[kind] = count + 1;
            }

            ring.Reader.Publish(ring.Reader.Position);
            if (ended) break;
            ring.Waiter.Wait(10);
        }

        Assert.True(task.IsCompletedSuccessfully, task.Exception?.Message);
        var counters = ring.Maps.ReadCounters();
        foreach (var (kind, taken) in read)
        {
            Assert.True(counters[kind].Seen >= Rounds, $"{kind}: {counters[kind].Seen}");
            Assert.Equal(counters[kind].Seen, counters[kind].Left);
            Assert.Equal(counters[kind].Submitted, taken);
        }
    }
}
