using System.Text.Json;
using Picket.Detection.Events;

namespace Picket.Sensors.Replay;

/// <summary>
/// Turns one JSON object into the field entries of a record. Nested names are joined by dots, array elements become several
/// values of one field, strings without escapes are not copied: they point into the record's own line in the arena.
/// </summary>
internal static class RecordFlattener
{
    private const int MaxDepth = 64;
    private const int MaxName = 512;

    /// <summary>Adds the fields of <paramref name="line"/> to <paramref name="record"/>, the batch's last.</summary>
    /// <exception cref="JsonException">The line is not one JSON object.</exception>
    public static void Flatten(EventBatch batch, ref EventRecord record, ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = MaxDepth });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("A record must be one JSON object.", null, 0, 0);
        }

        Span<byte> name = stackalloc byte[MaxName];
        Span<int> ends = stackalloc int[MaxDepth + 2];
        var depth = 0;
        var length = 0;
        var raw = record.RawStart;
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    length = AppendName(ref reader, name, depth == 0 ? 0 : ends[depth - 1]);
                    break;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    ends[depth++] = length;
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray when depth > 0:
                    length = ends[--depth];
                    break;
                case JsonTokenType.EndObject:
                    break;
                default:
                    // An element of an array carries the array's own name.
                    AddValue(batch, ref reader, name[..Math.Max(length, 0)], raw, length < 0);
                    break;
            }
        }

        RecordRoute.Set(batch, ref record);
        record.TimeNs = RecordTime.Of(batch.View(batch.Count - 1));
    }

    /// <summary>Joins the property's name to its parent's; -1 for a name that is too long to be one that a rule has.</summary>
    private static int AppendName(ref Utf8JsonReader reader, scoped Span<byte> name, int prefix)
    {
        if (prefix < 0) return -1;
        var at = prefix;
        if (at > 0) name[at++] = (byte)'.';
        var needed = reader.ValueSpan.Length;
        if (needed > name.Length - at - 1) return -1;
        return at + reader.CopyString(name[at..]);
    }

    private static void AddValue(EventBatch batch, ref Utf8JsonReader reader, scoped ReadOnlySpan<byte> name, int raw, bool unnamed)
    {
        var id = unnamed ? FieldId.Unnamed : FieldTable.Find(name);
        var span = reader.ValueSpan;

        // A string token starts one byte after its quote.
        var start = raw + (int)reader.TokenStartIndex;
        switch (reader.TokenType)
        {
            case JsonTokenType.String when !reader.ValueIsEscaped:
                batch.AddField(id, FieldKind.Text, start + 1, span.Length);
                break;
            case JsonTokenType.String:
                var room = batch.Reserve(span.Length, out var at);
                batch.AddField(id, FieldKind.Text, at, Unescape(ref reader, room));
                break;
            case JsonTokenType.Number:
                batch.AddField(id, FieldKind.Number, start, span.Length);
                break;
            case JsonTokenType.True or JsonTokenType.False:
                batch.AddField(id, FieldKind.Boolean, start, span.Length);
                break;
            case JsonTokenType.Null:
                batch.AddField(id, FieldKind.Null, start, 0);
                break;
        }
    }

    private static int Unescape(ref Utf8JsonReader reader, scoped Span<byte> room)
    {
        try
        {
            return reader.CopyString(room);
        }
        catch (InvalidOperationException e)
        {
            // A lone surrogate escape or bytes that are not UTF-8 beside an escape.
            throw new JsonException(e.Message, null, 0, reader.TokenStartIndex, e);
        }
    }
}
