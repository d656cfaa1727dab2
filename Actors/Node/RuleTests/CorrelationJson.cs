using System.Text.Json;
using Picket.Detection.Sigma.Trial;

namespace Picket.Node.RuleTests;

/// <summary>What a correlation said of a sequence of events, for machines.</summary>
internal static class CorrelationJson
{
    /// <summary>One object.</summary>
    public static void Write(CorrelationTrial trial, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("rule", trial.Rule.Id);
        writer.WriteString("title", trial.Rule.Title);
        writer.WriteStartArray("firings");
        foreach (var firing in trial.Firings) Write(firing, writer);
        writer.WriteEndArray();
        writer.WriteStartArray("sources");
        foreach (var source in trial.Sources)
        {
            writer.WriteStartObject();
            writer.WriteString("rule", source.Rule.Id);
            writer.WriteString("title", source.Rule.Title);
            writer.WriteNumber("matches", source.Matches);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteNumber("undated", trial.Undated);
        writer.WriteNumber("late", trial.Counts.Late);
        writer.WriteNumber("duplicates", trial.Counts.Duplicates);
        writer.WriteNumber("ungrouped", trial.Counts.Ungrouped);
        writer.WriteNumber("valueless", trial.Counts.Valueless);
        writer.WriteStartArray("failures");
        foreach (var failure in trial.Failures) writer.WriteStringValue(failure);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(FiringTrial trial, Utf8JsonWriter writer)
    {
        var firing = trial.Firing;
        writer.WriteStartObject();
        writer.WriteString("file", trial.File);
        writer.WriteNumber("record", trial.Record);
        writer.WriteStartObject("group");
        foreach (var (name, value) in firing.Group) writer.WriteString(name, value);
        writer.WriteEndObject();
        writer.WriteString("from", CorrelationText.Time(firing.FromNs));
        writer.WriteString("to", CorrelationText.Time(firing.ToNs));
        writer.WriteNumber("count", firing.Count);
        writer.WriteNumber("value", firing.Value);
        writer.WriteEndObject();
    }
}
