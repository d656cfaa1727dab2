using System.ComponentModel.DataAnnotations;

namespace Picket.Detection.Sigma.Correlation;

/// <summary>How much correlations keep, and how long they wait.</summary>
public sealed record CorrelationOptions
{
    /// <summary>Groups of one correlation at most; the one that was quiet longest goes first. At least 1.</summary>
    public int MaxGroups { get; init; } = 131_072;

    /// <summary>
    /// Matches of one group at most, the oldest goes first; 1 to 65,536. A rule that counts further has as many as it needs.
    /// </summary>
    public int MaxEvents { get; init; } = 4096;

    /// <summary>Bytes of all matches, groups' values and different values at most; the oldest group of whichever correlation has most
    /// goes first. At least 1 MiB.</summary>
    public long MaxBytes { get; init; } = 64 << 20;

    /// <summary>
    /// How far behind the newest match of its group a window may end and still be looked at again when a late match comes into it; not
    /// below zero. For a correlation with a shorter timespan it is that.
    /// </summary>
    public TimeSpan Lateness { get; init; } = TimeSpan.FromMinutes(1);

    /// <exception cref="ValidationException">An option is out of its range.</exception>
    internal void Validate()
    {
        if (MaxGroups < 1) throw new ValidationException($"{nameof(MaxGroups)} is {MaxGroups}; at least 1");
        if (MaxEvents is < 1 or > 65_536) throw new ValidationException($"{nameof(MaxEvents)} is {MaxEvents}; 1 to 65,536");
        if (MaxBytes < 1 << 20) throw new ValidationException($"{nameof(MaxBytes)} is {MaxBytes}; at least 1 MiB");
        if (Lateness < TimeSpan.Zero) throw new ValidationException($"{nameof(Lateness)} is {Lateness}; not below zero");
    }
}
