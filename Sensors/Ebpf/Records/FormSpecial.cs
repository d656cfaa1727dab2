namespace Picket.Sensors.Ebpf.Records;

/// <summary>What is particular about a call on files (enum form_special in bpf/events.h).</summary>
internal enum FormSpecial : byte
{
    Plain = 0,
    Unlinkat = 1,
    Mknod = 2,
    Truncate = 3,
    Creat = 4,
    How = 5,
    Dup = 6,
    Range = 7,
    Exec = 8,
    Follow = 9,
    FollowAt = 10,
    Linkat = 11,
}
