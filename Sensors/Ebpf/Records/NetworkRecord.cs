using System.Runtime.InteropServices;

namespace Picket.Sensors.Ebpf.Records;

/// <summary>Mirrors struct network_event in bpf/network.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NetworkRecord
{
    public RecordHeader Header;
    public SocketEnds Ends;
    public ulong Socket;
    public NetworkFlags Flags;
    public uint Error;
}
