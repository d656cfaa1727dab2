namespace Picket.Sensors.OwnFiles.Native;

/// <summary>One event of fanotify, over the bytes that were read.</summary>
internal readonly ref struct FanotifyRecord
{
    /// <summary>What happened, bits of <see cref="FanotifyLibc"/>.</summary>
    public ulong Mask { get; init; }

    /// <summary>The process; 0 for one that the reader's namespace does not know.</summary>
    public int Pid { get; init; }

    /// <summary>The folder: its file system's id and its handle; empty where the event is about none.</summary>
    public ReadOnlySpan<byte> Folder { get; init; }

    /// <summary>The name in the folder; empty where it is the folder itself.</summary>
    public ReadOnlySpan<byte> Name { get; init; }
}
