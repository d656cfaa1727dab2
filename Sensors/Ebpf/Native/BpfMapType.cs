namespace Picket.Sensors.Ebpf.Native;

/// <summary>The map types in use (enum bpf_map_type in the kernel's bpf.h).</summary>
internal enum BpfMapType : uint
{
    Hash = 1,
    Array = 2,
    ProgramArray = 3,
    PerCpuArray = 6,
    LruHash = 9,
    RingBuffer = 27,
}
