using System.Globalization;
using System.Text.Json;
using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Detection.Sigma.Check;

/// <summary>Writes a check for people and for machines.</summary>
public static class CheckWriter
{
    private const string External = "needs-external";

    /// <summary>One line per rule that is not <see cref="RuleVerdict.CanFire"/>, one indented per reason, then the counts.</summary>
    /// <param name="check">The check.</param>
    /// <param name="writer">Where it goes.</param>
    /// <param name="all">Also a line for each rule that can fire, with what feeds it.</param>
    /// <param name="findings">Also a line for each finding.</param>
    public static void WriteText(SigmaRuleCheck check, TextWriter writer, bool all = false, bool findings = false)
    {
        ArgumentNullException.ThrowIfNull(check);
        ArgumentNullException.ThrowIfNull(writer);
        foreach (var rule in check.Rules)
        {
            if (rule.Verdict == RuleVerdict.CanFire && !all) continue;
            var name = rule.Title.Length == 0 ? "(not loaded)" : rule.Title;
            var fed = all ? $", {FedBy(rule)}" : "";
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rule.File}:{rule.Line}: {Word(rule.Verdict)}{fed}: {name}"));
            foreach (var reason in rule.Reasons)
            {
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"    {reason.Line}:{reason.Column} {reason.Code}: {reason.Message}"));
            }
        }

        if (findings)
        {
            foreach (var finding in check.Findings)
            {
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{finding.File}:{finding.Line}:{finding.Column}: {finding.Code}: {finding.Message}"));
            }

            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{check.Findings.Count} findings"));
        }

        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{check.Rules.Count} rules for {check.Table.Platform}: {check.Count(RuleVerdict.CanFire)} can fire, "
            + $"{check.Count(RuleVerdict.Degraded)} degraded, {check.Count(RuleVerdict.CanNeverFire)} can never fire"));
        var feeds = string.Join(", ", check.ByFeed().Select(static part => string.Create(CultureInfo.InvariantCulture,
            $"{RuleFeeds.Word(part.Feed)} {part.Rules}")));
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{check.Fed} fed{(feeds.Length == 0 ? "" : $" ({feeds})")}, {check.Rules.Count - check.Fed} {External}"));
    }

    /// <summary>
    /// One object: <c>platform</c>, <c>summary</c> with the counts, <c>rules</c> with verdict, what feeds each, and reasons, and
    /// <c>warnings</c> about exclusions and pipelines.
    /// </summary>
    /// <param name="check">The check.</param>
    /// <param name="writer">Where it goes.</param>
    /// <param name="findings">Also <c>findings</c>, each with its place, code and message.</param>
    public static void WriteJson(SigmaRuleCheck check, Utf8JsonWriter writer, bool findings = false)
    {
        ArgumentNullException.ThrowIfNull(check);
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        writer.WriteString("platform", check.Table.Platform);
        writer.WriteStartObject("summary");
        writer.WriteNumber("rules", check.Rules.Count);
        foreach (var verdict in Enum.GetValues<RuleVerdict>()) writer.WriteNumber(Word(verdict), check.Count(verdict));
        writer.WriteNumber("fed", check.Fed);
        writer.WriteNumber(External, check.Rules.Count - check.Fed);
        writer.WriteStartObject("fed_by");
        foreach (var (feed, rules) in check.ByFeed()) writer.WriteNumber(RuleFeeds.Word(feed), rules);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteStartArray("rules");
        foreach (var rule in check.Rules) WriteRule(rule, writer);
        writer.WriteEndArray();
        WriteWarnings("warnings", check.Warnings, writer);
        if (findings) WriteWarnings("findings", check.Findings, writer);
        writer.WriteEndObject();
    }

    private static void WriteWarnings(string name, IReadOnlyList<SigmaWarning> warnings, Utf8JsonWriter writer)
    {
        writer.WriteStartArray(name);
        foreach (var finding in warnings)
        {
            writer.WriteStartObject();
            writer.WriteString("file", finding.File);
            writer.WriteNumber("line", finding.Line);
            writer.WriteNumber("column", finding.Column);
            writer.WriteString("code", finding.Code);
            writer.WriteString("message", finding.Message);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteRule(CheckedRule rule, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("file", rule.File);
        writer.WriteNumber("line", rule.Line);
        writer.WriteString("id", rule.Id);
        writer.WriteString("title", rule.Title);
        writer.WriteString("verdict", Word(rule.Verdict));
        writer.WriteStartArray("fed_by");
        foreach (var feed in rule.FedBy) writer.WriteStringValue(RuleFeeds.Word(feed));
        writer.WriteEndArray();
        writer.WriteStartArray("reasons");
        foreach (var reason in rule.Reasons)
        {
            writer.WriteStartObject();
            writer.WriteString("code", reason.Code);
            writer.WriteString("subject", reason.Subject);
            writer.WriteNumber("line", reason.Line);
            writer.WriteNumber("column", reason.Column);
            writer.WriteString("message", reason.Message);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static string FedBy(CheckedRule rule) =>
        rule.FedBy.Count == 0 ? External : $"fed by {string.Join(", ", rule.FedBy.Select(RuleFeeds.Word))}";

    /// <summary>The stable word for a verdict, as the output has it.</summary>
    internal static string Word(RuleVerdict verdict) => verdict switch
    {
        RuleVerdict.CanFire => "can-fire",
        RuleVerdict.Degraded => "degraded",
        _ => "can-never-fire",
    };
}
