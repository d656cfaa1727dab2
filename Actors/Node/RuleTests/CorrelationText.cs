using System.Globalization;
using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Trial;

namespace Picket.Node.RuleTests;

/// <summary>What a correlation said of a sequence of events, for people.</summary>
internal static class CorrelationText
{
    /// <summary>A line for each firing, one for each rule with its matches, and what became of matches that count for nothing.</summary>
    public static IEnumerable<string> Of(CorrelationTrial trial)
    {
        foreach (var firing in trial.Firings) yield return $"{Where(firing)}: {Of(firing)}";
        foreach (var source in trial.Sources)
            yield return string.Create(CultureInfo.InvariantCulture, $"{source.Matches} matches of {source.Rule}");
        var counts = trial.Counts;
        (long Count, string What)[] lost =
        [
            (trial.Undated, "have no time"),
            (counts.Late, "came too late for their window"),
            (counts.Duplicates, "are of an event that was there before"),
            (counts.Ungrouped, $"have none of the fields of group-by: {string.Join(", ", trial.Rule.GroupBy)}"),
            (counts.Valueless, $"have no {string.Join(", ", trial.Rule.Syntax.Fields)} that the condition could count"),
            (counts.EvictedEvents + counts.EvictedGroups, "were given up because there were too many"),
        ];
        foreach (var (count, what) in lost)
        {
            if (count > 0) yield return string.Create(CultureInfo.InvariantCulture, $"{count} matches {what}");
        }

        foreach (var failure in trial.Failures.Distinct()) yield return failure;
    }

    /// <summary>The event that led to a firing.</summary>
    public static string Where(FiringTrial firing) => firing.File.StartsWith("event ", StringComparison.Ordinal)
        ? firing.File
        : string.Create(CultureInfo.InvariantCulture, $"{firing.File}:{firing.Record}");

    /// <summary>What fired.</summary>
    public static string Of(FiringTrial trial)
    {
        var firing = trial.Firing;
        var value = firing.Rule.Type is CorrelationType.EventCount or CorrelationType.Temporal or CorrelationType.TemporalOrdered
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $", {firing.Rule.TypeName} {firing.Value:0.###}");
        return string.Create(CultureInfo.InvariantCulture,
            $"fires for {Group(firing.Group)}: {firing.Count} matches from {Time(firing.FromNs)} to {Time(firing.ToNs)}{value}");
    }

    /// <summary>The names of a group with their values.</summary>
    public static string Group(IReadOnlyList<KeyValuePair<string, string?>> group) => group.Count == 0
        ? "all events"
        : string.Join(", ", group.Select(pair => $"{pair.Key}={(pair.Value is { } value ? TrialText.Short(value) : "(none)")}"));

    /// <summary>A time as dates are written by RFC 3339, in UTC.</summary>
    public static string Time(long ns) => DateTime.UnixEpoch.AddTicks(ns / TimeSpan.NanosecondsPerTick)
        .ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
