namespace Picket.Sensors.Ebpf.Records;

/// <summary>What is to be said of a network record beside its ends (enum network_flags in bpf/network.h).</summary>
[Flags]
internal enum NetworkFlags : uint
{
    None = 0,
    Initiated = 1 << 0,
    Unowned = 1 << 1,
}
