using System.Runtime.InteropServices;

namespace Picket.Sensors.Ebpf.Records;

/// <summary>Mirrors struct ends in bpf/network.h: the two ends of a socket, or of a packet.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SocketEnds
{
    public const ushort InterNetwork = 2, InterNetworkV6 = 10;

    public SocketAddress Local;
    public SocketAddress Remote;
    public ushort LocalPort;
    public ushort RemotePort;
    public ushort Family;
    public ushort Protocol;
    public uint Network;
    public uint Reserved;
}
