using System.Buffers.Text;

namespace Picket.Sensors.Logs.Audit;

/// <summary>The beginning of an audit record: type, time and serial number.</summary>
internal readonly record struct AuditHeader
{
    /// <summary>The kernel's log puts its own time before what it says.</summary>
    private const int KernelPrefix = 80;

    /// <summary>The type's name or number.</summary>
    public TextPart Type { get; private init; }

    /// <summary>The host that <c>node=</c> names.</summary>
    public TextPart Node { get; private init; }

    /// <summary>The digits of the number that the records of one event share.</summary>
    public TextPart Serial { get; private init; }

    /// <summary>When: nanoseconds since 1970 UTC.</summary>
    public ulong TimeNs { get; private init; }

    /// <summary>Where the record's own fields begin.</summary>
    public int Body { get; private init; }

    /// <summary>Reads <c>[node=N ]type=T msg=audit(SECONDS.MILLIS:SERIAL):</c>, or the kernel's <c>audit: type=N audit(..):</c>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, out AuditHeader header) // hot
    {
        header = default;
        var at = 0;
        var node = default(TextPart);
        if (line.StartsWith("node="u8))
        {
            var blank = line.IndexOf((byte)' ');
            if (blank < 0) return false;
            node = TextPart.Between(5, blank);
            at = blank + 1;
        }
        else if (line[..Math.Min(line.Length, KernelPrefix)].IndexOf("audit: type="u8) is >= 0 and var kernel)
        {
            at = kernel + 7;
        }

        if (!line[at..].StartsWith("type="u8)) return false;
        var type = WordAt(line, at + 5);
        at = type.Start + type.Length + 1;
        if (at >= line.Length) return false;
        if (line[at..].StartsWith("msg="u8)) at += 4;
        if (!line[at..].StartsWith("audit("u8)) return false;
        at += 6;
        var close = line[at..].IndexOf((byte)')');
        if (close < 0 || !TryTime(line.Slice(at, close), out var time, out var colon)) return false;
        var body = at + close + 1;
        if (body < line.Length && line[body] == ':') body++;
        header = new AuditHeader
        {
            Type = type, Node = node, Serial = TextPart.Between(at + colon + 1, at + close), TimeNs = time, Body = body,
        };
        return !type.IsEmpty;
    }

    private static bool TryTime(ReadOnlySpan<byte> text, out ulong time, out int colon)
    {
        time = 0;
        colon = text.IndexOf((byte)':');
        if (colon <= 0 || text[(colon + 1)..].ContainsAnyExceptInRange((byte)'0', (byte)'9')) return false;
        var dot = text[..colon].IndexOf((byte)'.');
        var whole = dot < 0 ? text[..colon] : text[..dot];
        if (!Utf8Parser.TryParse(whole, out uint seconds, out var used) || used != whole.Length) return false;
        var millis = 0U;
        if (dot >= 0 && (!Utf8Parser.TryParse(text[(dot + 1)..colon], out millis, out _) || millis > 999)) return false;
        time = ((ulong)seconds * 1_000_000_000) + ((ulong)millis * 1_000_000);
        return true;
    }

    private static TextPart WordAt(ReadOnlySpan<byte> line, int at)
    {
        var blank = line[at..].IndexOf((byte)' ');
        return TextPart.Between(at, blank < 0 ? line.Length : at + blank);
    }
}
