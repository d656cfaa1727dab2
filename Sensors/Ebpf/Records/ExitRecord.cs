using System.Runtime.InteropServices;

namespace Picket.Sensors.Ebpf.Records;

/// <summary>Mirrors struct exit_event in bpf/events.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ExitRecord
{
    public RecordHeader Header;
    public uint Code;
    public uint Signal;
    public uint CoreDumped;
    public uint Reserved;
    public ulong ExecId;
    public ulong CpuTime;
}
