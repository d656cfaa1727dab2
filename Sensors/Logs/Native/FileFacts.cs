namespace Picket.Sensors.Logs.Native;

/// <summary>What the file system says of a file.</summary>
internal readonly record struct FileFacts
{
    /// <summary>Which file it is.</summary>
    public FileIdentity Identity { get; init; }

    /// <summary>Bytes.</summary>
    public long Size { get; init; }

    /// <summary>When its content was last changed, in nanoseconds since 1970.</summary>
    public long ModifyNs { get; init; }

    /// <summary>Whether it is a regular file, and no pipe, device or folder.</summary>
    public bool IsRegular { get; init; }
}
