using System.Runtime.InteropServices;

namespace Picket.Sensors.Ebpf.Records;

/// <summary>Mirrors struct slice in bpf/events.h: bytes of a record, counted from its beginning.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RecordSlice
{
    public uint Offset;
    public uint Length;
}
