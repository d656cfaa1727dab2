using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;

namespace Picket.Sensors.Replay.Windows;

/// <summary>
/// Writes the XML of one Windows event, as wevtutil, the event viewer and Sysmon for Linux write it, as the JSON into which event logs are
/// rendered, so that one reader knows what its names mean.
/// </summary>
internal static class EventXml
{
    private const int MaxDepth = 32;

    /// <summary>Whether a text begins with an event's element.</summary>
    public static bool IsEvent(ReadOnlySpan<byte> text) =>
        text.StartsWith("<Event"u8) && text.Length > 6 && text[6] is (byte)' ' or (byte)'>' or (byte)'\r' or (byte)'\n' or (byte)'\t';

    /// <summary>Writes the event; false when it is none, of which nothing is written then.</summary>
    /// <param name="xml">The element, in UTF-8.</param>
    /// <param name="json">Gets the object.</param>
    public static bool TryWrite(ReadOnlySpan<byte> xml, IBufferWriter<byte> json) => TryWrite(xml, json, out _);

    /// <inheritdoc cref="TryWrite(ReadOnlySpan{byte}, IBufferWriter{byte})"/>
    /// <param name="xml">The element, in UTF-8.</param>
    /// <param name="json">Gets the object.</param>
    /// <param name="why">What is wrong; null when nothing is.</param>
    public static bool TryWrite(ReadOnlySpan<byte> xml, IBufferWriter<byte> json, out string? why)
    {
        why = null;
        try
        {
            var text = Encoding.UTF8.GetString(xml);
            Require(text);
            using var reader = ReaderOf(text);
            var root = XElement.Load(reader);
            using var writer = new Utf8JsonWriter(json);
            writer.WriteStartObject();
            writer.WritePropertyName("Event");
            Write(writer, root);
            writer.WriteEndObject();
            return true;
        }
        catch (XmlException e)
        {
            why = e.Message;
            return false;
        }
    }

    /// <summary>No document type: nothing is fetched, and no entity expands.</summary>
    private static XmlReader ReaderOf(string text) => XmlReader.Create(
        new StringReader(text),
        new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, CheckCharacters = false });

    /// <summary>A tree of elements takes time by the square of its depth to make: it is looked at before.</summary>
    private static void Require(string text)
    {
        using var reader = ReaderOf(text);
        while (reader.Read())
        {
            if (reader.Depth > MaxDepth) throw new XmlException($"elements are more than {MaxDepth} deep");
        }
    }

    private static void Write(Utf8JsonWriter writer, XElement element)
    {
        var hasAttributes = element.Attributes().Any(attribute => !attribute.IsNamespaceDeclaration);
        if (!hasAttributes && !element.HasElements)
        {
            writer.WriteStringValue(element.Value);
            return;
        }

        writer.WriteStartObject();
        if (hasAttributes)
        {
            writer.WriteStartObject("#attributes");
            foreach (var attribute in element.Attributes())
            {
                if (!attribute.IsNamespaceDeclaration) writer.WriteString(attribute.Name.LocalName, attribute.Value);
            }

            writer.WriteEndObject();
        }

        if (!element.HasElements && element.Value.Length > 0) writer.WriteString("#text", element.Value);
        foreach (var children in element.Elements().GroupBy(NameOf, StringComparer.Ordinal)) WriteAll(writer, children);
        writer.WriteEndObject();
    }

    /// <summary>Data says what it is called; elements of one name are a list.</summary>
    private static void WriteAll(Utf8JsonWriter writer, IGrouping<string, XElement> children)
    {
        writer.WritePropertyName(children.Key);
        var isList = children.Skip(1).Any();
        if (isList) writer.WriteStartArray();
        foreach (var child in children)
        {
            if (IsNamed(child)) writer.WriteStringValue(child.Value);
            else Write(writer, child);
        }

        if (isList) writer.WriteEndArray();
    }

    private static bool IsNamed(XElement element) => element.Name.LocalName == "Data" && element.Attribute("Name") is { Value.Length: > 0 };

    private static string NameOf(XElement element) => IsNamed(element) ? element.Attribute("Name")!.Value : element.Name.LocalName;
}
