using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Picket.Hocon;

/// <summary>Writes configurations as JSON.</summary>
public static class ConfigRenderer
{
    /// <summary>
    /// The resolved configuration as JSON. Keys are sorted by their UTF-16 code units, numbers keep their written form as far as JSON
    /// has it: equal configurations give equal texts.
    /// </summary>
    /// <param name="config">What to write.</param>
    /// <param name="indented">Whether to break lines, with two spaces a level; else all is on one line.</param>
    /// <exception cref="ConfigException">A substitution cannot be resolved.</exception>
    public static string ToJson(Config config, bool indented)
    {
        ArgumentNullException.ThrowIfNull(config);
        return ToJson(config.Root, indented);
    }

    internal static string ToJson(ConfigValue value, bool indented)
    {
        var options = new JsonWriterOptions
        {
            Indented = indented,
            NewLine = "\n",
            MaxDepth = ConfigLimits.ResolveDepth + 1,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, options)) Write(writer, value);
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private static void Write(Utf8JsonWriter writer, ConfigValue value)
    {
        switch (value)
        {
            case ConfigObject fields:
                writer.WriteStartObject();
                foreach (var key in fields.Keys.Order(StringComparer.Ordinal))
                {
                    writer.WritePropertyName(key);
                    Write(writer, fields.Members[key].Value);
                }

                writer.WriteEndObject();
                break;
            case ConfigArray array:
                writer.WriteStartArray();
                foreach (var item in array.Items) Write(writer, item);
                writer.WriteEndArray();
                break;
            case ConfigLiteral { Kind: ConfigValueKind.String } text:
                writer.WriteStringValue(text.Text);
                break;
            case ConfigLiteral { Kind: ConfigValueKind.Number } number:
                writer.WriteRawValue(NumberText.ToJson(number.Text), skipInputValidation: true);
                break;
            case ConfigLiteral literal:
                writer.WriteRawValue(literal.Text, skipInputValidation: true);
                break;
            default:
                throw new ConfigException(value.Origin, $"{value.Describe()} cannot be written");
        }
    }
}
