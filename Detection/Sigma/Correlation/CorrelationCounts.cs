namespace Picket.Detection.Sigma.Correlation;

/// <summary>What became of the matches that correlations heard of. One match may be heard of by several correlations.</summary>
public sealed class CorrelationCounts
{
    /// <summary>Taken into a group.</summary>
    public long Taken { get; internal set; }

    /// <summary>Too old for any window that is still looked at.</summary>
    public long Late { get; internal set; }

    /// <summary>In their group already.</summary>
    public long Duplicates { get; internal set; }

    /// <summary>Without any of the fields that make the group, or with more of them than a key holds.</summary>
    public long Ungrouped { get; internal set; }

    /// <summary>Without the field that the condition asks for, or not a number where it must be one.</summary>
    public long Valueless { get; internal set; }

    /// <summary>Taken away because their group had too many.</summary>
    public long EvictedEvents { get; internal set; }

    /// <summary>Groups taken away because there were too many, or too much in them.</summary>
    public long EvictedGroups { get; internal set; }

    /// <summary>Times that a correlation fired.</summary>
    public long Fired { get; internal set; }

    /// <summary>Begins to count anew.</summary>
    internal void Clear() =>
        Taken = Late = Duplicates = Ungrouped = Valueless = EvictedEvents = EvictedGroups = Fired = 0;

    /// <summary>All that was heard of.</summary>
    public long Heard => Taken + Late + Duplicates + Ungrouped + Valueless;
}
