using System.Globalization;
using System.Text.Json;
using Picket.Detection.Alerts;
using Picket.Detection.Sigma;
using Picket.Node.Replaying;

namespace Picket.Node.CommandLine;

/// <summary>What a replay says when it ends, to people and to machines.</summary>
internal static class ReplaySummary
{
    /// <summary>Rules that are named to people; a machine gets all.</summary>
    private const int MostRules = 20;

    /// <summary>A line of counts, and one for each rule that alerted most.</summary>
    public static void WriteText(ReplayRun run, SigmaRuleSet rules, TimeSpan elapsed, bool stopped, TextWriter writer)
    {
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"events {run.Events}, alerts {run.Alerts}, malformed {run.Malformed}, {Rate(run, elapsed):0} events per second"));
        if (run.Failures > 0) writer.WriteLine($"{run.Failures} times a rule failed on a record");
        var fired = Fired(run, rules);
        foreach (var (rule, id, alerts) in fired.Take(MostRules))
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{alerts,8}  {rule?.Level ?? "",-13} {rule?.Name ?? id}"));
        if (fired.Count > MostRules) writer.WriteLine($"          and {fired.Count - MostRules} more rules");
        if (run.Unasked?.Warning() is { } warning) writer.WriteLine($"warning: {warning}");
        if (stopped) writer.WriteLine("stopped before the end of the inputs");
    }

    /// <summary>One object.</summary>
    public static void WriteJson(ReplayRun run, SigmaRuleSet rules, TimeSpan elapsed, bool stopped, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("events", run.Events);
        writer.WriteNumber("alerts", run.Alerts);
        writer.WriteNumber("malformed", run.Malformed);
        writer.WriteNumber("bytes", run.Bytes);
        writer.WriteNumber("events_per_second", Math.Round(Rate(run, elapsed), 1));
        writer.WriteNumber("seconds", Seconds(elapsed));
        writer.WriteNumber("rules", rules.Rules.Count(rule => !rule.IsCopy));
        writer.WriteNumber("rule_errors", rules.Errors.Count);
        writer.WriteNumber("rule_failures", run.Failures);
        writer.WriteBoolean("stopped", stopped);
        writer.WriteStartArray("warnings");
        if (run.Unasked?.Warning() is { } warning) writer.WriteStringValue(warning);
        foreach (var input in run.Empty) writer.WriteStringValue($"there is no record in {input}");
        writer.WriteEndArray();
        writer.WriteStartArray("inputs");
        foreach (var input in run.Inputs)
        {
            writer.WriteStartObject();
            writer.WriteString("input", input.Input);
            writer.WriteNumber("events", input.Events);
            writer.WriteNumber("alerts", input.Alerts);
            writer.WriteNumber("malformed", input.Malformed);
            writer.WriteNumber("bytes", input.Bytes);
            writer.WriteNumber("seconds", Seconds(input.Elapsed));
            if (input.Problem is not null) writer.WriteString("problem", input.Problem);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("alerts_by_rule");
        foreach (var (rule, id, alerts) in Fired(run, rules))
        {
            writer.WriteStartObject();
            writer.WriteString("id", id);
            writer.WriteString("title", rule?.Name);
            writer.WriteString("level", rule?.Level);
            writer.WriteNumber("alerts", alerts);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>The rules that alerted, the busiest first.</summary>
    private static List<(AlertRule? Rule, string Id, long Alerts)> Fired(ReplayRun run, SigmaRuleSet rules)
    {
        var byId = new Dictionary<string, AlertRule>(StringComparer.Ordinal);
        foreach (var rule in rules.Rules) byId.TryAdd(rule.Id, rule.Alert);
        foreach (var rule in rules.Correlations) byId.TryAdd(rule.Id, rule.Alert);
        return
        [
            .. run.AlertsByRule.Select(pair => (byId.GetValueOrDefault(pair.Key), pair.Key, pair.Value))
                .OrderByDescending(fired => fired.Value).ThenBy(fired => fired.Key, StringComparer.Ordinal),
        ];
    }

    private static double Rate(ReplayRun run, TimeSpan elapsed) => run.Events / Math.Max(elapsed.TotalSeconds, 1e-9);

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 6);
}
