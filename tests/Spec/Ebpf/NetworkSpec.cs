using System.Globalization;
using Picket.Detection.Events;
using Picket.Sensors.Ebpf;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Spec.Ebpf;

/// <summary>Connections and datagrams on the real kernel, in namespaces of their own.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class NetworkSpec : IDisposable
{
    private const int Port = 4000;

    private readonly Probe _probe = new();
    private readonly string _net;

    public NetworkSpec() => _net = CProgram.Compile("net", _probe.Folder);

    private string Datagrams => CProgram.Compile("datagrams", _probe.Folder);

    private string Rings => CProgram.Compile("netrings", _probe.Folder);

    public void Dispose() => _probe.Dispose();

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1", true)]
    [InlineData("127.0.0.1", "127.0.0.1", false)]
    [InlineData(PrivateNetwork.Four, PrivateNetwork.Four, true)]
    [InlineData("::1", "::1", true)]
    [InlineData(PrivateNetwork.Six, PrivateNetwork.Six, true)]
    [InlineData(PrivateNetwork.Six, PrivateNetwork.Six, false)]
    [InlineData("::ffff:" + PrivateNetwork.Four, PrivateNetwork.Four, true)]
    [InlineData("::ffff:" + PrivateNetwork.Four, PrivateNetwork.Four, false)]
    public void A_connection_is_tried_made_and_taken_by_the_processes_that_do_so(string address, string shown, bool typed)
    {
        using var ring = LiveRing.With(typed, Concern.Network);
        var said = PrivateNetwork.Run($"{_net} tcp {address} {Port}");
        var (server, client, net) = (said["server"], said["client"], said["net"]);
        var made = ring.WaitFor("connection", PrivateNetwork.Of(EventKind.NetworkConnect, net, client))[0];
        var taken = ring.WaitFor("accepted one", PrivateNetwork.Of(EventKind.NetworkAccept, net, server))[0];
        var tried = ring.WaitFor("attempt", PrivateNetwork.Of(EventKind.NetworkAttempt, net, client))[0];
        var waits = ring.WaitFor("listening socket", PrivateNetwork.Of(EventKind.NetworkListen, net, server))[0];
        var bound = ring.WaitFor("bound socket", PrivateNetwork.Of(EventKind.NetworkBind, net, server))[0];
        var six = shown.Contains(':', StringComparison.Ordinal) ? "true" : "false";
        foreach (var end in new[] { made, taken })
        {
            Assert.Equal((shown, "4000"), (end[Fields.DestinationIp], end[Fields.DestinationPort]));
            Assert.Equal((shown, six, six, "tcp"), (end[Fields.SourceIp], end[Fields.SourceIsIpv6], end[Fields.DestinationIsIpv6], end[Fields.Protocol]));
        }

        Assert.Equal(("true", "false"), (made[Fields.Initiated], taken[Fields.Initiated]));
        Assert.NotEqual("0", made[Fields.SourcePort]);
        Assert.Equal(made[Fields.SourcePort], taken[Fields.SourcePort]);
        Assert.Equal((shown, "4000", "true"), (tried[Fields.DestinationIp], tried[Fields.DestinationPort], tried[Fields.Initiated]));
        foreach (var place in new[] { waits, bound })
            Assert.Equal((shown, "4000", six, "tcp"), (place[Fields.DestinationIp], place[Fields.DestinationPort], place[Fields.DestinationIsIpv6], place[Fields.Protocol]));
        Assert.True(tried.Sequence < made.Sequence && made.TimeNs >= tried.TimeNs);
        foreach (var kind in new[] { EventKind.NetworkConnect, EventKind.NetworkAccept, EventKind.NetworkAttempt, EventKind.NetworkListen, EventKind.NetworkBind })
            Assert.Single(ring.Read(e => e.Kind == kind && (e.Key == made.Key || e.Key == taken.Key)));
        Assert.Equal(made.Key, ring.WaitFor("its fork", e => e.Kind == EventKind.ProcessFork && e.Key.Pid == client)[0].Key);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_refused_says_why(bool typed)
    {
        using var ring = LiveRing.With(typed, Concern.Network);
        var said = PrivateNetwork.Run($"{_net} refused 127.0.0.1 {Port}");
        var refused = ring.WaitFor("refused one", PrivateNetwork.Of(EventKind.NetworkRefused, said["net"], said["client"]))[0];
        Assert.Equal(("ECONNREFUSED", "4000", "127.0.0.1"), (refused[Fields.ErrorName], refused[Fields.DestinationPort], refused[Fields.DestinationIp]));
        Assert.NotEqual("0", refused[Fields.SourcePort]);
        Assert.Empty(ring.Read(PrivateNetwork.Of(EventKind.NetworkConnect, said["net"], said["client"])));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_nobody_answers_is_told_from_what_was_given_up(bool typed)
    {
        using var ring = LiveRing.With(typed, Concern.Network);
        var said = PrivateNetwork.Run($"{PrivateNetwork.Link}\n{_net} silent 203.0.113.9 {Port}");
        var failed = ring.WaitFor("failed one", PrivateNetwork.Of(EventKind.NetworkRefused, said["net"], said["client"]), 2);
        Assert.Equal([("4000", "ETIMEDOUT"), ("4001", "closed")], failed.Select(e => (e[Fields.DestinationPort], e[Fields.ErrorName])));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_handshake_that_ends_while_others_run_belongs_to_who_began_it(bool typed)
    {
        using var ring = LiveRing.With(typed, Concern.Network);
        // The other end gets its address only after the first packet was lost: the timer sends the next one.
        var said = PrivateNetwork.Run($$"""
            {{PrivateNetwork.Link}}
            unshare -n sleep 30 & other=$!
            while [ "$(readlink /proc/$other/ns/net)" = "$(readlink /proc/self/ns/net)" ]; do :; done
            ip link set v1 netns $other
            inside() { nsenter -t $other -n "$@"; }
            inside ip link set v1 address 02:00:00:00:00:09 up
            {{_net}} later 203.0.113.9 {{Port}} > {{_probe.Folder}}/said & client=$!
            until grep -q client {{_probe.Folder}}/said; do :; done
            inside ip addr add 203.0.113.9/24 dev v1
            inside {{_net}} serve 203.0.113.9 {{Port}}
            wait $client
            kill $other
            cat {{_probe.Folder}}/said
            """);
        var made = ring.WaitFor("connection", PrivateNetwork.Of(EventKind.NetworkConnect, said["net"], said["client"]))[0];
        Assert.Equal(("203.0.113.6", "203.0.113.9"), (made[Fields.SourceIp], made[Fields.DestinationIp]));
        var tried = ring.WaitFor("attempt", PrivateNetwork.Of(EventKind.NetworkAttempt, said["net"], said["client"]))[0];
        Assert.True(made.TimeNs - tried.TimeNs > 100_000_000, "the handshake ended at once, so that it tells nothing");
        var taken = ring.WaitFor("accepted one", e => e.Kind == EventKind.NetworkAccept && e.Key.Pid == said["server"])[0];
        Assert.NotEqual(made[Fields.NetworkNamespace], taken[Fields.NetworkNamespace]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Who_accepts_has_the_connection_and_not_who_listened(bool typed)
    {
        using var ring = LiveRing.With(typed, Concern.Network);
        var said = PrivateNetwork.Run($"{_net} inherit 127.0.0.1 {Port}");
        ring.WaitFor("accepted one", PrivateNetwork.Of(EventKind.NetworkAccept, said["net"], said["accepter"]));
        Assert.Empty(ring.Read(PrivateNetwork.Of(EventKind.NetworkAccept, said["net"], said["server"])));
    }

    [Fact]
    public void Sockets_that_were_handed_over_belong_to_who_uses_them()
    {
        using var ring = LiveRing.With(true, Concern.Network);
        var said = PrivateNetwork.Run($"{_net} passed 127.0.0.1 {Port}");
        ring.WaitFor("accepted one", PrivateNetwork.Of(EventKind.NetworkAccept, said["net"], said["receiver"]));
        var sent = ring.WaitFor("datagram", PrivateNetwork.Of(EventKind.NetworkDatagram, said["net"], said["receiver"]))[0];
        Assert.Equal(("4001", "4002"), (sent[Fields.DestinationPort], sent[Fields.SourcePort]));
        ring.WaitFor("bound by its maker", e => PrivateNetwork.Of(EventKind.NetworkBind, said["net"], said["maker"])(e) && e[Fields.DestinationPort] == "4002");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_chosen_port_is_known_and_a_failed_bind_is_no_event(bool typed)
    {
        using var ring = LiveRing.With(typed, Concern.Network);
        var said = PrivateNetwork.Run($"{_net} places 127.0.0.1 {Port}");
        var waiting = ring.WaitFor("listening socket", PrivateNetwork.Of(EventKind.NetworkListen, said["net"], said["server"]), 2);
        Assert.Equal([("0.0.0.0", said["port"].ToString(CultureInfo.InvariantCulture)), ("127.0.0.1", "4000")],
            waiting.Select(e => (e[Fields.DestinationIp], e[Fields.DestinationPort])));
        var bound = ring.WaitFor("bound socket", PrivateNetwork.Of(EventKind.NetworkBind, said["net"], said["server"]), 2);
        Assert.Equal(["tcp", "udp"], bound.Select(e => e[Fields.Protocol]));
        ring.WaitFor("its exit", e => e.Kind == EventKind.ProcessTermination && e.Key == waiting[0].Key);
        Assert.Equal(2, ring.Read(PrivateNetwork.Of(EventKind.NetworkBind, said["net"], said["server"])).Count);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData(PrivateNetwork.Six)]
    public void The_first_datagram_of_each_pair_is_seen_by_every_call_and_both_ways(string address)
    {
        using var ring = LiveRing.With(true, Concern.Network);
        var said = PrivateNetwork.Run($"{Datagrams} udp {address} {Port}");
        ring.WaitFor("the client's exit", e => e.Kind == EventKind.ProcessTermination && e.Key.Pid == said["server"]);
        var sent = ring.Read(PrivateNetwork.Of(EventKind.NetworkDatagram, said["net"], said["client"]));
        Assert.Equal(["4000", "4001", "4002", "4003", "4004", "4005"], sent.Select(e => e[Fields.DestinationPort]));
        Assert.All(sent, e => Assert.Equal((address, address, "true", "udp"), (e[Fields.SourceIp], e[Fields.DestinationIp], e[Fields.Initiated], e[Fields.Protocol])));
        var received = ring.Read(PrivateNetwork.Of(EventKind.NetworkDatagram, said["net"], said["server"]));
        Assert.Equal(2, received.Count);
        Assert.All(received, e => Assert.Equal(("false", "4000"), (e[Fields.Initiated], e[Fields.DestinationPort])));
        Assert.Equal(sent[0][Fields.SourcePort], received[0][Fields.SourcePort]);
    }

    [Fact]
    public void A_datagram_belongs_to_who_sends_it_through_a_socket_of_its_parents()
    {
        using var ring = LiveRing.With(true, Concern.Network);
        var said = PrivateNetwork.Run($"{Datagrams} lent 127.0.0.1 {Port}");
        ring.WaitFor("the parent's", PrivateNetwork.Of(EventKind.NetworkDatagram, said["net"], said["maker"]));
        Assert.Single(ring.WaitFor("the child's", PrivateNetwork.Of(EventKind.NetworkDatagram, said["net"], said["sender"])));
    }

    [Fact]
    public void An_echo_request_of_a_raw_socket_is_seen()
    {
        using var ring = LiveRing.With(true, Concern.Network);
        var said = PrivateNetwork.Run($"{Datagrams} ping 127.0.0.1");
        var sent = ring.WaitFor("echo", PrivateNetwork.Of(EventKind.NetworkDatagram, said["net"], said["client"]))[0];
        Assert.Equal(("icmp", "127.0.0.1", "true"), (sent[Fields.Protocol], sent[Fields.DestinationIp], sent[Fields.Initiated]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_32_bit_entry_is_seen(bool typed)
    {
        Assert.SkipUnless(System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.X64, "x86-64 has this entry");
        using var ring = LiveRing.With(typed, Concern.Network);
        var said = PrivateNetwork.Run($"{_net} compat 127.0.0.1 {Port}");
        foreach (var kind in new[] { EventKind.NetworkBind, EventKind.NetworkListen, EventKind.NetworkConnect, EventKind.NetworkAccept })
            Assert.Equal("4000", Assert.Single(ring.WaitFor($"{kind}", PrivateNetwork.Of(kind, said["net"], said["both"])))[Fields.DestinationPort]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_io_uring_does_is_seen(bool typed)
    {
        using var ring = LiveRing.With(typed, Concern.Network);
        var said = PrivateNetwork.Run($"{Rings} uring 127.0.0.1 {Port}");
        foreach (var kind in new[] { EventKind.NetworkConnect, EventKind.NetworkDatagram, EventKind.NetworkAccept })
            Assert.Single(ring.WaitFor($"{kind}", PrivateNetwork.Of(kind, said["net"], said["both"])));
    }

    [Fact]
    public void A_pair_that_fell_out_of_the_bounded_set_is_reported_again()
    {
        const int Others = 150_000;
        using var ring = LiveRing.Large(Concern.Network);
        ring.Maps.State.SetWanted(kind => kind == RecordKind.Datagram);
        var task = Task.Run(() => PrivateNetwork.Run($"{Datagrams} many 127.0.0.1 {Port} {Others}"), TestContext.Current.CancellationToken);
        var (times, all) = (0, 0);
        while (true)
        {
            var ended = task.IsCompleted;
            while (ring.Reader.TryRead(out var record))
            {
                if (System.Runtime.InteropServices.MemoryMarshal.AsRef<RecordHeader>(record).Kind != RecordKind.Datagram) continue;
                ref readonly var seen = ref System.Runtime.InteropServices.MemoryMarshal.AsRef<NetworkRecord>(record);
                if (seen.Flags != NetworkFlags.Initiated || seen.Ends.Family != SocketEnds.InterNetwork) continue;
                all++;
                if (seen.Ends.RemotePort == Port) times++;
            }

            ring.Reader.Publish(ring.Reader.Position);
            if (ended) break;
            ring.Waiter.Wait(10);
        }

        Assert.True(task.IsCompletedSuccessfully, task.Exception?.Message);
        Assert.True(all >= Others, $"{all} of {Others} pairs");
        Assert.Equal(2, times);
        var row = ring.Maps.ReadCounters()[RecordKind.Datagram];
        Assert.Equal(row.Seen, row.Left);
    }

    [Fact]
    public void Connections_within_the_host_are_dropped_by_option()
    {
        using var maps = SharedMaps.Open(KernelObjects.Require(LiveRing.NewPinFolder()) with { Loopback = false });
        using var programs = ProgramSet.Start(maps, Concern.Network);
        try
        {
            var inner = PrivateNetwork.Run($"{_net} tcp 127.0.0.1 {Port}");
            var outer = PrivateNetwork.Run($"{_net} tcp {PrivateNetwork.Four} {Port}");
            var reader = new RingReader(maps);
            var clients = new List<uint>();
            while (reader.TryRead(out var record))
                clients.Add(System.Runtime.InteropServices.MemoryMarshal.AsRef<RecordHeader>(record).Process.Tgid);
            Assert.DoesNotContain((uint)inner["client"], clients);
            Assert.Contains((uint)outer["client"], clients);
            Assert.True(maps.ReadCounters()[RecordKind.Connect].Unasked > 0);
        }
        finally
        {
            programs.Detach(maps);
            maps.RemovePins();
        }
    }

    [Fact]
    public void What_nobody_asks_for_is_counted_and_the_counters_balance()
    {
        using var ring = LiveRing.With(true, Concern.Network);
        ring.Maps.State.SetWanted(kind => kind < RecordKind.FileCreate || kind == RecordKind.Connect);
        var said = PrivateNetwork.Run($"{_net} tcp 127.0.0.1 {Port}");
        ring.WaitFor("connection", PrivateNetwork.Of(EventKind.NetworkConnect, said["net"], said["client"]));
        Assert.Empty(ring.Read(PrivateNetwork.Of(EventKind.NetworkAccept, said["net"], said["server"])));
        var counters = ring.Maps.ReadCounters();
        foreach (var kind in new[] { RecordKind.Accept, RecordKind.Attempt, RecordKind.Listen, RecordKind.Bind })
        {
            Assert.True(counters[kind].Unasked >= 1, $"{kind}");
            Assert.Equal(counters[kind].Seen, counters[kind].Left);
        }
    }
}
