namespace Picket.Sensors.Ebpf.Records;

/// <summary>What programs are told once, when they are loaded (enum config_options in bpf/events.h).</summary>
[Flags]
internal enum ConfigOptions : uint
{
    None = 0,
    NoLoopback = 1 << 0,
    LocalNames = 1 << 1,
}
