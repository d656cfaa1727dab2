using Picket.Sensors.Ebpf.Records;

namespace Picket.Sensors.Ebpf.Decoding;

/// <summary>The words for the numbers in a file's record.</summary>
internal static class FileNames
{
    /// <summary>A name for each bit of <see cref="FileFlags"/>, from the lowest.</summary>
    public static readonly byte[][] Flags =
    [
        "cut"u8.ToArray(), "source_cut"u8.ToArray(), "detached"u8.ToArray(), "deleted"u8.ToArray(), "text_cut"u8.ToArray(),
        "text_unread"u8.ToArray(), "text_changed"u8.ToArray(), "io_uring"u8.ToArray(), "mapped"u8.ToArray(), "unsure"u8.ToArray(),
        "compat"u8.ToArray(), "gone"u8.ToArray(), "unfinished"u8.ToArray(), "unresolved"u8.ToArray(),
        "on_sensor"u8.ToArray(), "on_guard"u8.ToArray(),
    ];

    /// <summary>A name for each bit of renameat2's flags, from the lowest.</summary>
    public static readonly byte[][] RenameFlags =
        ["RENAME_NOREPLACE"u8.ToArray(), "RENAME_EXCHANGE"u8.ToArray(), "RENAME_WHITEOUT"u8.ToArray()];

    public static ReadOnlySpan<byte> OfSource(PathSource source) => source switch // hot
    {
        PathSource.Dentry => "dentry"u8,
        PathSource.Dirfd => "dirfd"u8,
        PathSource.Cwd => "cwd"u8,
        PathSource.Caller => "caller"u8,
        PathSource.Resolved => "resolved"u8,
        _ => default,
    };

    public static ReadOnlySpan<byte> OfCause(SettleCause cause) => cause switch // hot
    {
        SettleCause.Close => "close"u8,
        SettleCause.Dup => "dup"u8,
        SettleCause.Range => "close_range"u8,
        SettleCause.Exec => "exec"u8,
        SettleCause.Exit => "exit"u8,
        _ => default,
    };

    /// <summary>ECS's words for the type bits of a mode; 0 is an ordinary file, as mknod takes it.</summary>
    public static ReadOnlySpan<byte> OfType(uint type) => type switch // hot
    {
        0 or 0x8000 => "file"u8,
        0x4000 => "dir"u8,
        0xA000 => "symlink"u8,
        0x1000 => "fifo"u8,
        0xC000 => "socket"u8,
        0x2000 => "char_device"u8,
        0x6000 => "block_device"u8,
        _ => default,
    };
}
