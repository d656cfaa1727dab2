namespace Picket.Sensors.Ebpf.Records;

/// <summary>What is unusual about a file's record (enum file_flags in bpf/file.h).</summary>
[Flags]
internal enum FileFlags : uint
{
    None = 0,
    TargetCut = 1 << 0,
    SourceCut = 1 << 1,
    Detached = 1 << 2,
    Deleted = 1 << 3,
    TextCut = 1 << 4,
    TextUnread = 1 << 5,
    TextChanged = 1 << 6,
    ByUring = 1 << 7,
    Mapped = 1 << 8,
    Unsure = 1 << 9,
    ThroughCompat = 1 << 10,
    Gone = 1 << 11,
    Unfinished = 1 << 12,
    Unresolved = 1 << 13,
    OnSensor = 1 << 14,
    OnGuard = 1 << 15,
}
