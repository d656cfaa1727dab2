using System.Globalization;
using System.Text.Json;

namespace Picket.Detection.Sigma.Check;

/// <summary>Writes a check for people and for machines.</summary>
public static class CheckWriter
{
    /// <summary>One line per rule that is not <see cref="RuleVerdict.CanFire"/>, one indented per reason, then the counts.</summary>
    public static void WriteText(SigmaRuleCheck check, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(check);
        ArgumentNullException.ThrowIfNull(writer);
        foreach (var rule in check.Rules)
        {
            if (rule.Verdict == RuleVerdict.CanFire) continue;
            var name = rule.Title.Length == 0 ? "(not loaded)" : rule.Title;
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rule.File}:{rule.Line}: {Word(rule.Verdict)}: {name}"));
            foreach (var reason in rule.Reasons)
            {
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"    {reason.Line}:{reason.Column} {reason.Code}: {reason.Message}"));
            }
        }

        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{check.Rules.Count} rules for {check.Table.Platform}: {check.Count(RuleVerdict.CanFire)} can fire, "
            + $"{check.Count(RuleVerdict.Degraded)} degraded, {check.Count(RuleVerdict.CanNeverFire)} can never fire"));
    }

    /// <summary>One object: <c>platform</c>, <c>summary</c> with the counts, <c>rules</c> with verdict and reasons.</summary>
    public static void WriteJson(SigmaRuleCheck check, Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(check);
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        writer.WriteString("platform", check.Table.Platform);
        writer.WriteStartObject("summary");
        writer.WriteNumber("rules", check.Rules.Count);
        foreach (var verdict in Enum.GetValues<RuleVerdict>()) writer.WriteNumber(Word(verdict), check.Count(verdict));
        writer.WriteEndObject();
        writer.WriteStartArray("rules");
        foreach (var rule in check.Rules) WriteRule(rule, writer);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteRule(CheckedRule rule, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("file", rule.File);
        writer.WriteNumber("line", rule.Line);
        writer.WriteString("id", rule.Id);
        writer.WriteString("title", rule.Title);
        writer.WriteString("verdict", Word(rule.Verdict));
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

    private static string Word(RuleVerdict verdict) => verdict switch
    {
        RuleVerdict.CanFire => "can-fire",
        RuleVerdict.Degraded => "degraded",
        _ => "can-never-fire",
    };
}
