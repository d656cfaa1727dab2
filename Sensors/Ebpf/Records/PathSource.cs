namespace Picket.Sensors.Ebpf.Records;

/// <summary>Where a path comes from (enum path_source in bpf/file.h).</summary>
internal enum PathSource : byte
{
    None = 0,
    Dentry = 1,
    Dirfd = 2,
    Cwd = 3,
    Caller = 4,
    Resolved = 5,
}
