namespace Picket.Sensors.Ebpf.Native;

/// <summary>The map types in use (enum bpf_map_type in the kernel's bpf.h).</summary>
internal enum BpfMapType : uint
{
    Array = 2,
    ProgramArray = 3,
    PerCpuArray = 6,
    RingBuffer = 27,
}
