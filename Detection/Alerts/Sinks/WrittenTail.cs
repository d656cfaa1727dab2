using System.Text.Json;
using Picket.Detection.Events.Journal;

namespace Picket.Detection.Alerts.Sinks;

/// <summary>Reads the end of an alert file: where its last whole line ends, and which alerts it holds.</summary>
internal static class WrittenTail
{
    private const int Chunk = 1 << 20;

    /// <summary>What each line that we write begins with.</summary>
    private static ReadOnlySpan<byte> LineStart => "{\"@timestamp\":\""u8;

    /// <summary>The file's length up to its last line feed; 0 when it has none.</summary>
    internal static long WholeLength(IFileHandle file)
    {
        var buffer = new byte[Chunk];
        for (var end = file.Length; end > 0;)
        {
            var start = Math.Max(0, end - Chunk);
            var read = file.Read(start, buffer.AsSpan(0, (int)(end - start)));
            var feed = buffer.AsSpan(0, read).LastIndexOf((byte)'\n');
            if (feed >= 0) return start + feed + 1;
            end = start;
        }

        return 0;
    }

    /// <summary>
    /// Where the line begins that holds the first NUL of the last <paramref name="budget"/> bytes, or -1. No line of ours has one: it is a
    /// hole
    /// that a power cut left where a write was lost and a later one was not.
    /// </summary>
    internal static long FirstHole(IFileHandle file, long budget)
    {
        Span<byte> first = stackalloc byte[15];
        var length = file.Length;
        var prefix = first[..file.Read(0, first)];
        if (prefix.IndexOf((byte)0) is var zero and >= 0) prefix = prefix[..zero];
        if (!LineStart.StartsWith(prefix)) return -1;
        var start = Math.Max(0, length - budget);
        var line = start;
        var buffer = new byte[Chunk];
        while (start < length)
        {
            var bytes = buffer.AsSpan(0, file.Read(start, buffer));
            if (bytes.IsEmpty) return -1;
            var hole = bytes.IndexOf((byte)0);
            var feed = (hole < 0 ? bytes : bytes[..hole]).LastIndexOf((byte)'\n');
            if (feed >= 0) line = start + feed + 1;
            if (hole >= 0) return line;
            start += bytes.Length;
        }

        return -1;
    }

    /// <summary>Whether the bytes behind <paramref name="from"/> are the beginning of a line of ours, and not somebody else's.</summary>
    internal static bool IsOurs(IFileHandle file, long from)
    {
        Span<byte> bytes = stackalloc byte[15];
        var read = file.Read(from, bytes);
        return bytes[..read].SequenceEqual(LineStart[..read]);
    }

    /// <summary>
    /// Hands the ids of the alerts in the last <paramref name="budget"/> bytes to <paramref name="found"/>; the bytes read.
    /// </summary>
    internal static long ReadIds(IFileHandle file, long budget, Action<StableId> found)
    {
        var length = file.Length;
        var start = Math.Max(0, length - budget);
        var bytes = new byte[(int)Math.Min(length - start, int.MaxValue / 2)];
        var rest = bytes.AsSpan(0, file.Read(length - bytes.Length, bytes));
        while (!rest.IsEmpty)
        {
            var feed = rest.IndexOf((byte)'\n');
            if (feed < 0) break;
            if (TryReadId(rest[..feed], out var id)) found(id);
            rest = rest[(feed + 1)..];
        }

        return bytes.Length;
    }

    /// <summary>The alert's id in a line that we wrote; false for any other line.</summary>
    private static bool TryReadId(ReadOnlySpan<byte> line, out StableId id)
    {
        id = default;
        if (!line.StartsWith(LineStart)) return false;
        var reader = new Utf8JsonReader(line);
        try
        {
            while (reader.Read())
            {
                if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("event"u8))
                    continue;
                while (reader.Read() && reader.CurrentDepth > 0)
                {
                    if (reader.CurrentDepth != 2 || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("id"u8))
                        continue;
                    return reader.Read() && reader.TokenType == JsonTokenType.String && StableId.TryParse(reader.ValueSpan, out id);
                }
            }
        }
        catch (JsonException)
        {
            return false; // a line that somebody else cut or edited
        }

        return false;
    }
}
