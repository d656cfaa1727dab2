using System.Text.Json;
using Picket.Detection.Sigma;
using Picket.Node.Reloading;

namespace Picket.Node.Status;

/// <summary>The rules in force and their last reload, for machines. Names, once given, stay.</summary>
internal static class RulesJson
{
    /// <summary>Writes the property <c>rules</c> of a status.</summary>
    public static void Write(Utf8JsonWriter json, RuleStanding standing)
    {
        json.WriteStartObject("rules");
        json.WriteNumber("loaded", standing.Rules.Rules.Count(rule => !rule.IsCopy));
        json.WriteNumber("failed", standing.Rules.Errors.Count);
        json.WriteNumber("correlations", standing.Rules.Correlations.Count);
        json.WriteString("since", standing.Since);
        json.WriteNumber("reloads", standing.Generation);
        json.WriteNumber("reloads_failed", standing.Failures);
        WriteKept(json, standing.Kept);
        if (standing.Last is { } last)
        {
            json.WriteStartObject("last_reload");
            WriteOutcome(json, last);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>Writes an answer to whoever asked for a reload.</summary>
    public static void Write(Utf8JsonWriter json, ReloadOutcome outcome, RuleStanding standing)
    {
        json.WriteStartObject();
        WriteOutcome(json, outcome);
        json.WriteNumber("loaded", standing.Rules.Rules.Count(rule => !rule.IsCopy));
        json.WriteNumber("failed", standing.Rules.Errors.Count);
        json.WriteNumber("correlations", standing.Rules.Correlations.Count);
        WriteKept(json, outcome.Kept);
        json.WriteEndObject();
    }

    private static void WriteOutcome(Utf8JsonWriter json, ReloadOutcome outcome)
    {
        json.WriteString("at", outcome.At);
        json.WriteString("cause", outcome.Cause);
        json.WriteString("result", outcome.Result.ToString().ToLowerInvariant());
        json.WriteString("message", outcome.Message);
    }

    private static void WriteKept(Utf8JsonWriter json, IReadOnlyList<KeptFile> all)
    {
        json.WriteStartArray("kept");
        foreach (var kept in all)
        {
            json.WriteStartObject();
            json.WriteString("file", kept.File);
            json.WriteStartArray("errors");
            foreach (var error in kept.Errors)
            {
                json.WriteStartObject();
                json.WriteNumber("line", error.Line);
                json.WriteNumber("column", error.Column);
                json.WriteString("code", error.Code);
                json.WriteString("message", error.Message);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
