using System.Text.Json;
using System.Text.RegularExpressions;
using Picket.Detection.Sigma.Parsing;

namespace Picket.Node.RuleTests;

/// <summary>An event that is written in YAML, as the JSON that a replay reads: so that a test of a rule asks what a replay would.</summary>
internal static partial class EventJson
{
    /// <summary>The event's bytes.</summary>
    public static byte[] Of(YamlNode.Mapping @event)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream)) Write(writer, @event);
        return stream.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, YamlNode node)
    {
        switch (node)
        {
            case YamlNode.Mapping map:
                writer.WriteStartObject();
                foreach (var (key, value) in map.Pairs)
                {
                    writer.WritePropertyName(key.Text);
                    Write(writer, value);
                }

                writer.WriteEndObject();
                break;

            case YamlNode.Listing list:
                writer.WriteStartArray();
                foreach (var item in list.Items) Write(writer, item);
                writer.WriteEndArray();
                break;

            case YamlNode.Scalar scalar:
                WriteScalar(writer, scalar);
                break;
        }
    }

    /// <summary>What a plain scalar is by YAML's core schema, as far as JSON has it.</summary>
    private static void WriteScalar(Utf8JsonWriter writer, YamlNode.Scalar scalar)
    {
        if (!scalar.Plain) writer.WriteStringValue(scalar.Text);
        else if (scalar.Text is "" or "~" or "null" or "Null" or "NULL") writer.WriteNullValue();
        else if (scalar.Text is "true" or "True" or "TRUE") writer.WriteBooleanValue(true);
        else if (scalar.Text is "false" or "False" or "FALSE") writer.WriteBooleanValue(false);
        else if (Number().IsMatch(scalar.Text)) writer.WriteRawValue(scalar.Text);
        else writer.WriteStringValue(scalar.Text);
    }

    [GeneratedRegex(@"\A-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
