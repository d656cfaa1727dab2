namespace Picket.Sensors.Ebpf.Records;

/// <summary>Mirrors enum process_flags in bpf/events.h.</summary>
[Flags]
internal enum ProcessFlags : uint
{
    None = 0,
    ArgsCut = 1 << 0,
    ArgsUnread = 1 << 1,
    ExeCut = 1 << 2,
    CwdCut = 1 << 3,
    RootCut = 1 << 4,
    CgroupCut = 1 << 5,
    EnvCut = 1 << 6,
    FileCut = 1 << 7,
    ExeDetached = 1 << 8,
    ExeMemfd = 1 << 9,
    ExeDeleted = 1 << 10,
    Script = 1 << 11,
    CgroupV1 = 1 << 12,
    KernelThread = 1 << 13,
    CwdDetached = 1 << 14,
    EnvUnread = 1 << 15,
}
