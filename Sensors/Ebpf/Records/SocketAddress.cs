using System.Runtime.CompilerServices;

namespace Picket.Sensors.Ebpf.Records;

/// <summary>An address of 16 bytes in network order; an IPv4 one as <c>::ffff:a.b.c.d</c>.</summary>
[InlineArray(16)]
internal struct SocketAddress
{
    private byte _first;
}
