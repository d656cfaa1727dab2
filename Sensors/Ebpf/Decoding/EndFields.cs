using System.Buffers.Binary;
using Picket.Detection.Events;
using Picket.Sensors.Dns;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Sensors.Ebpf.Decoding;

/// <summary>The two ends of a connection as fields: the source is the end that began, wherever this host stands.</summary>
internal static class EndFields
{
    private const int Icmp = 1, Tcp = 6, Udp = 17, IcmpV6 = 58, Sctp = 132, UdpLite = 136;

    public static UInt128 AddressOf(in SocketAddress address) => BinaryPrimitives.ReadUInt128BigEndian(address); // hot

    /// <summary>Adds both ends, the protocol and the namespace.</summary>
    /// <param name="batch">Where to.</param>
    /// <param name="ends">The ends.</param>
    /// <param name="outward">Whether the local end began.</param>
    public static void Both(EventBatch batch, in SocketEnds ends, bool outward) // hot
    {
        One(batch, outward ? ends.Local : ends.Remote, outward ? ends.LocalPort : ends.RemotePort, Fields.SourceIp, Fields.SourcePort);
        One(batch, outward ? ends.Remote : ends.Local, outward ? ends.RemotePort : ends.LocalPort, Fields.DestinationIp,
            Fields.DestinationPort);
        RecordFields.Boolean(batch, Fields.SourceIsIpv6, ends.Family == SocketEnds.InterNetworkV6);
        RecordFields.Boolean(batch, Fields.DestinationIsIpv6, ends.Family == SocketEnds.InterNetworkV6);
        RecordFields.Boolean(batch, Fields.Initiated, outward);
        Common(batch, ends);
    }

    /// <summary>Adds the local end alone: that of a socket which waits.</summary>
    public static void Local(EventBatch batch, in SocketEnds ends) // hot
    {
        One(batch, ends.Local, ends.LocalPort, Fields.DestinationIp, Fields.DestinationPort);
        RecordFields.Boolean(batch, Fields.DestinationIsIpv6, ends.Family == SocketEnds.InterNetworkV6);
        Common(batch, ends);
    }

    private static void One(EventBatch batch, in SocketAddress address, ushort port, FieldId addressField, FieldId portField) // hot
    {
        Span<byte> text = stackalloc byte[AddressText.Longest];
        batch.AddText(addressField, text[..AddressText.Write(AddressOf(address), text)]);
        RecordFields.Number(batch, portField, port);
    }

    private static void Common(EventBatch batch, in SocketEnds ends) // hot
    {
        var protocol = NameOf(ends.Protocol);
        if (protocol.IsEmpty) RecordFields.Number(batch, Fields.Protocol, ends.Protocol);
        else batch.AddText(Fields.Protocol, protocol);
        RecordFields.Number(batch, Fields.NetworkNamespace, ends.Network);
    }

    private static ReadOnlySpan<byte> NameOf(ushort protocol) => protocol switch // hot
    {
        Tcp => "tcp"u8,
        Udp => "udp"u8,
        UdpLite => "udplite"u8,
        Icmp => "icmp"u8,
        IcmpV6 => "ipv6-icmp"u8,
        Sctp => "sctp"u8,
        _ => default,
    };
}
