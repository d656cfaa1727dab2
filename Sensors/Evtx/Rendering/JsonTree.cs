using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Picket.Detection.Events;

namespace Picket.Sensors.Evtx.Rendering;

/// <summary>
/// Writes elements in the JSON shape that others give event logs: attributes are an object <c>#attributes</c>, text beside them is
/// <c>#text</c>, an element that says nothing is null, a name that comes again gets a number, and <c>Data</c> elements have the name that
/// their attribute gives them.
/// </summary>
internal static class JsonTree
{
    private const string Data = "Data";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the elements of a record as one object.</summary>
    public static void Write(List<EvtxElement> roots, IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output, Options);
        writer.WriteStartObject();
        WriteMembers(writer, roots, []);
        writer.WriteEndObject();
    }

    private static void WriteMembers(Utf8JsonWriter writer, List<EvtxElement> elements, Dictionary<string, int> names)
    {
        foreach (var element in elements)
        {
            WriteName(writer, element.Name, names);
            WriteElement(writer, element);
        }
    }

    private static void WriteContainer(Utf8JsonWriter writer, List<EvtxElement> elements, Dictionary<string, int> names)
    {
        var unnamed = elements.Where(element => element.Name == Data && element.Attribute("Name").Length == 0).ToList();
        foreach (var element in elements)
        {
            if (element.Name != Data)
            {
                WriteName(writer, element.Name, names);
                WriteElement(writer, element);
            }
            else if (element.Attribute("Name") is { Length: > 0 } name)
            {
                WriteName(writer, name, names);
                WriteData(writer, element);
            }
            else if (element == unnamed[0])
            {
                WriteName(writer, Data, names);
                WriteUnnamed(writer, unnamed);
            }
        }
    }

    private static void WriteUnnamed(Utf8JsonWriter writer, List<EvtxElement> elements)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("#text");
        if (elements.Count > 1) writer.WriteStartArray();
        foreach (var element in elements) WriteData(writer, element);
        if (elements.Count > 1) writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteData(Utf8JsonWriter writer, EvtxElement element)
    {
        if (element.Elements.Count == 0) WriteText(writer, element.Text);
        else WriteObject(writer, element);
    }

    private static void WriteElement(Utf8JsonWriter writer, EvtxElement element)
    {
        if (element.Elements.Count > 0 || element.Attributes.Count > 0) WriteObject(writer, element);
        else if (element.Text.Text.Length > 0) WriteText(writer, element.Text);
        else writer.WriteNullValue();
    }

    private static void WriteObject(Utf8JsonWriter writer, EvtxElement element)
    {
        writer.WriteStartObject();
        if (element.Attributes.Count > 0)
        {
            writer.WriteStartObject("#attributes");
            var names = new Dictionary<string, int>();
            foreach (var (name, value) in element.Attributes)
            {
                WriteName(writer, name, names);
                WriteText(writer, value);
            }

            writer.WriteEndObject();
        }

        if (element.Text.Text.Length > 0)
        {
            writer.WritePropertyName("#text");
            WriteText(writer, element.Text);
        }

        if (element.IsContainer) WriteContainer(writer, element.Elements, []);
        else WriteMembers(writer, element.Elements, []);
        writer.WriteEndObject();
    }

    /// <summary>The second of a name is NAME_1, the third NAME_2.</summary>
    private static void WriteName(Utf8JsonWriter writer, string name, Dictionary<string, int> names)
    {
        var before = names.GetValueOrDefault(name);
        names[name] = before + 1;
        writer.WritePropertyName(before == 0 ? name : $"{name}_{before}");
    }

    private static void WriteText(Utf8JsonWriter writer, EvtxText text)
    {
        if (text.Kind is FieldKind.Number or FieldKind.Boolean) writer.WriteRawValue(text.Text);
        else writer.WriteStringValue(text.Text);
    }
}
