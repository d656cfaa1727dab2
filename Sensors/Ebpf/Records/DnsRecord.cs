using System.Runtime.InteropServices;

namespace Picket.Sensors.Ebpf.Records;

/// <summary>Mirrors struct dns_event in bpf/dns.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct DnsRecord
{
    public RecordHeader Header;
    public SocketEnds Ends;
    public ulong Socket;
    public uint Sequence;
    public DnsFlags Flags;
    public RecordSlice Payload;
}
