using Picket.Detection.Alerts;

namespace Picket.Detection.Sigma.Correlation;

/// <summary>One firing of a correlation rule.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Id">The id of the alert: the same rule and events always give the same.</param>
/// <param name="Events">
/// The ids of what made it fire, in the order of their times: of events, and of a correlation's alert where the rule is over correlations.
/// For the temporal types one for each rule, the newest; else all of the window that were kept.
/// </param>
/// <param name="FromNs">The time of the first of them: nanoseconds since 1970 UTC.</param>
/// <param name="ToNs">The window's end, likewise: the time of its newest event.</param>
/// <param name="Group">The names of <c>group-by</c> and the group's values; null for a field that its events do not have.</param>
/// <param name="Count">Matches in the window.</param>
/// <param name="Value">What the condition compared: a count, a sum, an average or a percentile.</param>
public sealed record CorrelationFiring(
    CorrelationRule Rule,
    StableId Id,
    IReadOnlyList<StableId> Events,
    long FromNs,
    long ToNs,
    IReadOnlyList<KeyValuePair<string, string?>> Group,
    int Count,
    double Value)
{
    /// <summary>What an alert says of it.</summary>
    public AlertCorrelation ToAlert() => new(
        Id, Events, Rule.TypeName, [.. Rule.Sources.Select(source => source.Id)], Group, FromNs, ToNs, Rule.Timespan, Count, Value);
}
