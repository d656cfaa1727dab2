using Picket.Detection.Sigma;

namespace Picket.Node.Reloading;

/// <summary>Which rules are in force, and how it came to that.</summary>
/// <param name="Rules">The set.</param>
/// <param name="Since">Since when.</param>
/// <param name="Generation">Its number: 0 for the one of the start.</param>
internal sealed record RuleStanding(SigmaRuleSet Rules, DateTimeOffset Since, long Generation)
{
    /// <summary>Reloads so far that left everything as it was, since they failed.</summary>
    public long Failures { get; init; }

    /// <summary>Files that are in force as they were before, as of the last reload.</summary>
    public IReadOnlyList<KeptFile> Kept { get; init; } = [];

    /// <summary>The last reload; null for none.</summary>
    public ReloadOutcome? Last { get; init; }
}
