using System.Runtime.InteropServices;

namespace Picket.Sensors.Ebpf.Records;

/// <summary>Mirrors struct event_header in bpf/events.h: what every record of the ring begins with.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RecordHeader
{
    public RecordKind Kind;
    public ushort Cpu;
    public uint Length;
    public ulong Time;
    public TaskKey Process;
}
