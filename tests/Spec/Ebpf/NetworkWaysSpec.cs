using System.Globalization;
using System.Runtime.InteropServices;
using Picket.Detection.Events;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Spec.Ebpf;

/// <summary>The less usual ways to connect, to wait for connections and to send: each is the same event as the usual one.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class NetworkWaysSpec : IDisposable
{
    private const int Port = 4100;

    private readonly Probe _probe = new();

    public void Dispose() => _probe.Dispose();

    [Theory]
    [InlineData("multishot")]
    [InlineData("multishot-direct")]
    public void Each_connection_that_one_request_takes_is_its_process_s(string mode)
    {
        using var ring = LiveRing.With(true, Concern.Network);
        var said = Run("netrings", $"{mode} 127.0.0.1 {Port}");
        var taken = ring.WaitFor("accepted one", PrivateNetwork.Of(EventKind.NetworkAccept, said["net"], said["server"]), 3);
        var made = ring.WaitFor("made one", PrivateNetwork.Of(EventKind.NetworkConnect, said["net"], said["client"]), 3);
        ring.WaitFor("its exit", e => e.Kind == EventKind.ProcessTermination && e.Key == taken[0].Key);
        Assert.Equal(3, ring.Read(PrivateNetwork.Of(EventKind.NetworkAccept, said["net"], said["server"])).Count);
        Assert.Equal(made.Select(e => e[Fields.SourcePort]).Order(), taken.Select(e => e[Fields.SourcePort]).Order());
        Assert.All(taken, e => Assert.Equal(("4100", "127.0.0.1", "false", "tcp"), (e[Fields.DestinationPort], e[Fields.DestinationIp], e[Fields.Initiated], e[Fields.Protocol])));
    }

    [Fact]
    public void Sockets_that_are_no_descriptors_of_their_process_are_seen()
    {
        using var ring = LiveRing.With(true, Concern.Network);
        var said = Run("netrings", $"direct 127.0.0.1 {Port}");
        var made = ring.WaitFor("made one", PrivateNetwork.Of(EventKind.NetworkConnect, said["net"], said["both"]))[0];
        var taken = ring.WaitFor("accepted one", PrivateNetwork.Of(EventKind.NetworkAccept, said["net"], said["both"]))[0];
        Assert.Equal(made[Fields.SourcePort], taken[Fields.SourcePort]);
    }

    [Fact]
    public void Who_listens_by_a_request_is_seen_with_the_port_that_the_kernel_chose()
    {
        using var ring = LiveRing.With(true, Concern.Network);
        var said = Run("netrings", $"listens 127.0.0.1 {Port}");
        var waits = ring.WaitFor("listening socket", PrivateNetwork.Of(EventKind.NetworkListen, said["net"], said["server"]), 2);
        Assert.Equal(["4100", said["port"].ToString(CultureInfo.InvariantCulture)], waits.Select(e => e[Fields.DestinationPort]));
        Assert.Single(ring.Read(PrivateNetwork.Of(EventKind.NetworkBind, said["net"], said["server"])));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_socket_that_connects_twice_is_two_connections_its_heir_has_none_and_a_second_listen_is_none(bool typed)
    {
        using var ring = LiveRing.With(typed, Concern.Network);
        var said = Run("net", $"again 127.0.0.1 {Port}");
        var made = ring.WaitFor("made one", PrivateNetwork.Of(EventKind.NetworkConnect, said["net"], said["both"]), 2);
        ring.WaitFor("its exit", e => e.Kind == EventKind.ProcessTermination && e.Key == made[0].Key);
        var all = ring.Read(e => e[Fields.NetworkNamespace] == unchecked((uint)said["net"]).ToString(CultureInfo.InvariantCulture));
        Assert.Equal("NetworkAccept 2, NetworkAttempt 2, NetworkBind 1, NetworkConnect 2, NetworkListen 1",
            string.Join(", ", all.GroupBy(e => e.Kind).Select(group => $"{group.Key} {group.Count()}").Order(StringComparer.Ordinal)));
        Assert.All(all, e => Assert.Equal(said["both"], e.Key.Pid));
        Assert.NotEqual(made[0][Fields.SourcePort], made[1][Fields.SourcePort]);
    }

    [Theory]
    [InlineData("multipath")]
    [InlineData("fast")]
    public void Connections_of_many_paths_and_those_that_begin_with_data_are_connections(string mode)
    {
        using var ring = LiveRing.With(true, Concern.Network);
        var said = Run("net", $"{mode} 127.0.0.1 {Port}");
        foreach (var kind in new[] { EventKind.NetworkAttempt, EventKind.NetworkConnect, EventKind.NetworkAccept, EventKind.NetworkListen })
        {
            var one = Assert.Single(ring.WaitFor($"{kind}", PrivateNetwork.Of(kind, said["net"], said["both"])));
            Assert.Equal(("4100", "tcp"), (one[Fields.DestinationPort], one[Fields.Protocol]));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_32_bit_entry_s_own_calls_are_seen(bool typed)
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "x86-64 has this entry");
        using var ring = LiveRing.With(typed, Concern.Network);
        var said = Run("net", $"compat-calls 127.0.0.1 {Port}");
        foreach (var kind in new[] { EventKind.NetworkBind, EventKind.NetworkListen, EventKind.NetworkConnect, EventKind.NetworkAccept })
            Assert.Equal("4100", Assert.Single(ring.WaitFor($"{kind}", PrivateNetwork.Of(kind, said["net"], said["both"])))[Fields.DestinationPort]);
        said = Run("datagrams", $"compat 127.0.0.1 {Port}");
        var sent = Assert.Single(ring.WaitFor("datagram", PrivateNetwork.Of(EventKind.NetworkDatagram, said["net"], said["client"])));
        Assert.Equal(("4100", "udp", "true"), (sent[Fields.DestinationPort], sent[Fields.Protocol], sent[Fields.Initiated]));
    }

    [Fact]
    public void A_peer_is_one_when_something_is_sent_to_it_whatever_the_socket_and_however_many_a_call_sends()
    {
        using var ring = LiveRing.With(true, Concern.Network);
        var said = Run("datagrams", $"peers {PrivateNetwork.Four} {Port}");
        var sent = ring.WaitFor("datagram", PrivateNetwork.Of(EventKind.NetworkDatagram, said["net"], said["client"]), 4);
        ring.WaitFor("its exit", e => e.Kind == EventKind.ProcessTermination && e.Key == sent[0].Key);
        sent = ring.Read(PrivateNetwork.Of(EventKind.NetworkDatagram, said["net"], said["client"]));
        Assert.Equal(["4101", "4102", "4103", "4104"], sent.Where(e => e[Fields.Initiated] == "true").Select(e => e[Fields.DestinationPort]));
        Assert.All(sent, e => Assert.Equal((PrivateNetwork.Four, "false", "udp"), (e[Fields.DestinationIp], e[Fields.DestinationIsIpv6], e[Fields.Protocol])));
    }

    private Dictionary<string, int> Run(string program, string words)
    {
        var said = PrivateNetwork.Run($"{CProgram.Compile(program, _probe.Folder)} {words}");
        Assert.SkipWhen(said.ContainsKey("lacking"), "this kernel has not what is tried");
        return said;
    }
}
