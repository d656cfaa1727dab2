using System.Runtime.InteropServices;

namespace Picket.Sensors.Ebpf.Records;

/// <summary>Mirrors struct touch in bpf/events.h: a change of one of the sensor's own objects by somebody else.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TouchRecord
{
    public ulong Time;
    public uint Pid;
    public uint Command;
    public uint Owner;
    public uint Id;
    public CommName Comm;
}
