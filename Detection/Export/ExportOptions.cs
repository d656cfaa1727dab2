using Picket.Detection.Events;

namespace Picket.Detection.Export;

/// <summary>Which events are written as they are, and where to.</summary>
public sealed record ExportOptions
{
    /// <summary>The file that is written to, absolute; rotated ones have <c>.1</c>, <c>.2</c> and so on behind the name, 1 being the
    /// youngest.</summary>
    public required string Path { get; init; }

    /// <summary>The kinds; each one of <see cref="ExportKinds.All"/>.</summary>
    public required IReadOnlyList<EventKind> Kinds { get; init; }

    /// <summary>Mode 0640 and not 0600.</summary>
    public bool GroupReadable { get; init; }

    /// <summary>Bytes at which the file is rotated; it is never larger, but for the lines of a single write that are.</summary>
    public long MaxFileBytes { get; init; } = 1L << 30;

    /// <summary>Rotated files kept, from 0.</summary>
    public int MaxFiles { get; init; } = 2;

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message names it.</exception>
    public void Validate()
    {
        if (!System.IO.Path.IsPathFullyQualified(Path)) throw new ArgumentException($"the event file's path must be absolute: '{Path}'");
        if (Kinds.Count == 0) throw new ArgumentException("no kind of event is chosen");
        foreach (var kind in Kinds)
        {
            if (!ExportKinds.All.Contains(kind)) throw new ArgumentException($"events of the kind {kind} are not exported");
        }

        if (MaxFileBytes < 4096) throw new ArgumentException("MaxFileBytes must be at least 4096");
        if (MaxFiles is < 0 or > 9999) throw new ArgumentException("MaxFiles must be from 0 to 9999");
    }
}
