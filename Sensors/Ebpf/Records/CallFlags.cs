namespace Picket.Sensors.Ebpf.Records;

/// <summary>What is unusual about a system call's record (enum call_flags in bpf/privilege.h).</summary>
[Flags]
internal enum CallFlags : uint
{
    None = 0,
    ThroughCompat = 1 << 0,
    TextCut = 1 << 1,
    TextUnread = 1 << 2,
    PathCut = 1 << 3,
    PathDetached = 1 << 4,
    OnSensor = 1 << 5,
    NoCall = 1 << 6,
    OnGuard = 1 << 7,
}
