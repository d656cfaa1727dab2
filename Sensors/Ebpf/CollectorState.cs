using Picket.Sensors.Ebpf.Records;

namespace Picket.Sensors.Ebpf;

/// <summary>What of a collector outlives its actor: since when it is blind, and why.</summary>
internal sealed class CollectorState(Concern concern)
{
    /// <summary>The concern.</summary>
    public Concern Concern { get; } = concern;

    /// <summary>Boot time in nanoseconds at which the programs were last known to be at work; 0 before the first.</summary>
    public ulong LastGoodNs { get; set; }

    /// <summary>Since when nothing is seen; null while the programs are at work.</summary>
    public DateTimeOffset? BlindSince { get; set; }

    /// <summary>How <see cref="BlindSince"/> is known.</summary>
    public GapEdge Edge { get; set; }

    /// <summary>Why nothing is seen.</summary>
    public string Reason { get; set; } = "";

    /// <summary>Failed starts in a row.</summary>
    public int Failures { get; set; }

    /// <summary>The programs of the concern that this kernel has no place for.</summary>
    public IReadOnlyList<MissingProgram> Missing { get; set; } = [];
}
