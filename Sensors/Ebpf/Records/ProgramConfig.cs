using System.Runtime.InteropServices;

namespace Picket.Sensors.Ebpf.Records;

/// <summary>Mirrors struct program_config in bpf/events.h: the read-only data that an object is loaded with.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ProgramConfig
{
    public uint Generation;
    public uint Cpus;
    public ulong RingSize;
    public ConfigOptions Options;
    public uint Reserved;
}
