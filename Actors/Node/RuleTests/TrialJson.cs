using System.Text.Json;
using Picket.Detection.Sigma.Trial;

namespace Picket.Node.RuleTests;

/// <summary>Why a rule matches an event, or what of it does not, for machines.</summary>
internal static class TrialJson
{
    /// <summary>One object.</summary>
    public static void Write(RuleTrial trial, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("matches", trial.Matches);
        writer.WriteBoolean("offered", trial.IsOffered);
        writer.WriteString("logsource", trial.Source);
        if (trial.Failure is not null) writer.WriteString("failure", trial.Failure);
        writer.WriteStartArray("matched");
        foreach (var why in trial.Why)
        {
            writer.WriteStartObject();
            writer.WriteString("selection", why.Selection);
            writer.WriteString("field", why.Field);
            writer.WriteString("value", why.Value);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("selections");
        foreach (var selection in trial.Selections)
        {
            writer.WriteStartObject();
            writer.WriteString("name", selection.Name);
            writer.WriteBoolean("holds", selection.Holds);
            writer.WriteStartArray("alternatives");
            foreach (var alternative in selection.Alternatives)
            {
                writer.WriteStartArray();
                foreach (var item in alternative) Write(item, writer);
                writer.WriteEndArray();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(ItemTrial item, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("item", item.Item);
        writer.WriteNumber("line", item.Line);
        writer.WriteNumber("column", item.Column);
        writer.WriteBoolean("holds", item.Holds);
        writer.WriteStartArray("wanted");
        foreach (var value in item.Wanted) writer.WriteStringValue(value);
        writer.WriteEndArray();
        writer.WriteStartArray("found");
        foreach (var value in item.Found) writer.WriteStringValue(value);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
