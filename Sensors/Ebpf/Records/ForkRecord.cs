using System.Runtime.InteropServices;

namespace Picket.Sensors.Ebpf.Records;

/// <summary>Mirrors struct fork_event in bpf/events.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ForkRecord
{
    public RecordHeader Header;
    public TaskKey Parent;
    public TaskKey Creator;
    public Surroundings Surroundings;
    public ulong ExecId;
    public ProcessFlags Flags;
    public uint Reserved;
    public CommName Comm;
}
