using Picket.Detection.Events.Journal;

namespace Picket.Detection.Alerts.Sinks;

/// <summary>How alerts are kept in files.</summary>
public sealed record FileSinkOptions
{
    /// <summary>
    /// The file that is written to; rotated ones have <c>.1</c>, <c>.2</c> and so on behind the name, 1 being the youngest.
    /// </summary>
    public required string Path { get; init; }

    /// <summary>Mode 0640 and not 0600.</summary>
    public bool GroupReadable { get; init; }

    /// <summary>Bytes at which the file is rotated; it is never larger, but for a single line that is.</summary>
    public long MaxFileBytes { get; init; } = 64 << 20;

    /// <summary>Rotated files kept, from 0.</summary>
    public int MaxFiles { get; init; } = 8;

    /// <summary>When lines are made durable; by interval they are with the reader's position.</summary>
    public SyncPolicy Sync { get; init; } = SyncPolicy.Interval;

    /// <summary>How far back, in bytes over the files, the ids of written alerts are read when the sink opens.</summary>
    public long TailBytes { get; init; } = 32 << 20;

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message names it.</exception>
    public void Validate()
    {
        if (!System.IO.Path.IsPathFullyQualified(Path)) throw new ArgumentException($"the alert file's path must be absolute: '{Path}'");
        if (MaxFileBytes < 4096) throw new ArgumentException("MaxFileBytes must be at least 4096");
        if (MaxFiles is < 0 or > 9999) throw new ArgumentException("MaxFiles must be from 0 to 9999");
        if (TailBytes < 0) throw new ArgumentException("TailBytes must not be negative");
    }
}
