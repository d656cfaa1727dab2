using System.Runtime.InteropServices;

namespace Picket.Sensors.Ebpf.Records;

/// <summary>Mirrors struct process_key in bpf/events.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TaskKey
{
    public ulong Start;
    public uint Tgid;
    public uint Pid;
}
