using System.Text.Json;
using Picket.Detection.Events;

namespace Picket.Sensors.Replay.Json;

/// <summary>
/// Finds the array of records in the one object that stores and clouds answer with: AWS's <c>Records</c>, Azure's <c>records</c>, Graph's
/// <c>value</c>, Splunk's <c>results</c>, Elasticsearch's <c>hits.hits</c> and the like, with what they write before it.
/// </summary>
internal static class WrappedArray
{
    /// <summary>Bytes in which the array begins.</summary>
    public const int LongestOpening = 256 * 1024;

    /// <summary>Bytes in which the object's first name ends.</summary>
    private const int LongestName = 64;

    /// <summary>What such objects write before the array, and holds no records.</summary>
    private static readonly string[] Before =
    [
        "took", "timed_out", "terminated_early", "num_reduce_phases", "_scroll_id", "pit_id", "_shards", "_clusters", "preview",
        "init_offset", "post_process_count", "messages", "fields", "@odata.context", "@odata.count", "@odata.nextLink", "total",
        "max_score", "nextToken",
    ];

    private static readonly string[] Arrays =
        ["Records", "records", "value", "results", "Events", "events", "data", "logs", "entries", "items"];

    /// <summary>An object in whose array of the same name the records are.</summary>
    private const string Hits = "hits";

    /// <summary>What is known of an object so far.</summary>
    public enum Answer
    {
        /// <summary>It is a record.</summary>
        No,

        /// <summary>More of it has to be read.</summary>
        More,

        /// <summary>It holds an array of records.</summary>
        Yes,
    }

    /// <summary>Looks at an object.</summary>
    /// <param name="text">Its first bytes.</param>
    /// <param name="ended">Whether there are no more.</param>
    /// <param name="start">Where the array's bracket is.</param>
    /// <param name="depth">Objects that are open around the array.</param>
    public static Answer Find(ReadOnlySpan<byte> text, bool ended, out int start, out int depth)
    {
        (start, depth) = (0, 1);
        var first = NameOf(text);
        if (first.IsEmpty) return text.Length < LongestName && !ended ? Answer.More : Answer.No;
        if (!Is(first, Before) && !Is(first, Arrays) && !first.SequenceEqual("hits"u8)) return Answer.No;
        var reader = new Utf8JsonReader(text, ended, default);
        try
        {
            return Walk(ref reader, out start, out depth) ?? (text.Length < LongestOpening && !ended ? Answer.More : Answer.No);
        }
        catch (JsonException)
        {
            return Answer.No;
        }
    }

    /// <summary>Reads the names of the object; null when it goes on behind what is there.</summary>
    private static Answer? Walk(ref Utf8JsonReader reader, out int start, out int depth)
    {
        (start, depth) = (0, 1);
        if (!reader.Read()) return null;
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName) return Answer.No;
            var isArray = IsArray(reader, depth);
            var isHits = reader.ValueTextEquals(Hits);
            if (!isArray && !isHits && !Is(reader.ValueSpan, Before)) return Answer.No;
            if (!reader.Read()) return null;
            if (isHits && depth == 1 && reader.TokenType == JsonTokenType.StartObject)
            {
                depth++;
                continue;
            }

            if (isArray && reader.TokenType == JsonTokenType.StartArray)
            {
                start = (int)reader.TokenStartIndex;
                if (!reader.Read()) return null;
                return reader.TokenType is JsonTokenType.StartObject or JsonTokenType.EndArray ? Answer.Yes : Answer.No;
            }

            if (!reader.TrySkip()) return null;
        }

        return null;
    }

    /// <summary>Whether the name is that of an array of records; not if a rule asks for fields of that name itself.</summary>
    private static bool IsArray(in Utf8JsonReader reader, int depth)
    {
        if (depth > 1) return reader.ValueTextEquals(Hits);
        return Is(reader.ValueSpan, Arrays) && !IsAsked(reader.ValueSpan);
    }

    private static bool IsAsked(ReadOnlySpan<byte> name)
    {
        Span<char> prefix = stackalloc char[LongestName + 1];
        var length = System.Text.Encoding.UTF8.GetChars(name, prefix);
        prefix[length++] = '.';
        for (var id = FieldTable.Count - 1; id > 0; id--)
        {
            if (FieldTable.NameOf(new FieldId((ushort)id)).AsSpan().StartsWith(prefix[..length], StringComparison.Ordinal)) return true;
        }

        return false;
    }

    /// <summary>The first name of the object; empty when there is none as yet, or one that nobody knows.</summary>
    private static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> text)
    {
        var rest = text[1..].TrimStart(" \t\r\n"u8);
        if (rest.IsEmpty || rest[0] != '"') return default;
        var end = rest[1..].IndexOf((byte)'"');
        return end is < 0 or > LongestName ? default : rest.Slice(1, end);
    }

    private static bool Is(ReadOnlySpan<byte> name, string[] names)
    {
        foreach (var some in names)
        {
            if (some.Length == name.Length && System.Text.Ascii.Equals(name, some)) return true;
        }

        return false;
    }
}
