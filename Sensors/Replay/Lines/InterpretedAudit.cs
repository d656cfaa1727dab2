using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Picket.Sensors.Replay.Lines;

/// <summary>
/// Reads the records that <c>ausearch -i</c> prints: a date instead of seconds, names instead of numbers, and values without quotes, which
/// may hold blanks. They are written anew as auditd writes them, so that one decoder knows what they mean. The date is that of the
/// locale: year first, or month before day unless there is no such month; without a zone, it is taken for UTC.
/// </summary>
internal static class InterpretedAudit
{
    private static readonly string[] Dates = ["M/d/yyyy", "d/M/yyyy", "yyyy-M-d", "d.M.yyyy", "M/d/yy", "d/M/yy", "d.M.yy", "yyyy/M/d"];

    private static readonly SearchValues<byte> NameLetters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-[]"u8);

    private static ReadOnlySpan<byte> Stamp => "msg=audit("u8;

    /// <summary>Whether a line is such a record.</summary>
    public static bool Is(ReadOnlySpan<byte> line) => TryHead(line, out _, out _, out _);

    /// <summary>Whether a line stands between the events that ausearch prints, and says nothing that is not in their records.</summary>
    public static bool IsSeparator(ReadOnlySpan<byte> line) => line.SequenceEqual("----"u8) || line.StartsWith("time->"u8);

    /// <summary>Writes the record as auditd would have; false for any other line.</summary>
    public static bool TryRewrite(ReadOnlySpan<byte> line, ArrayBufferWriter<byte> into)
    {
        if (!TryHead(line, out var time, out var serial, out var body)) return false;
        var stamp = line.IndexOf(Stamp);
        into.Write(line[..(stamp + Stamp.Length)]);
        var since = (time - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond;
        Append(into, string.Create(CultureInfo.InvariantCulture, $"{since / 1000}.{since % 1000:000}:"));
        into.Write(serial);
        into.Write("):"u8);
        Pairs(line[body..], into);
        return true;
    }

    /// <summary>Reads <c>[node=N ]type=T msg=audit(DATE TIME.MILLIS:SERIAL) :</c>.</summary>
    private static bool TryHead(ReadOnlySpan<byte> line, out DateTime time, out ReadOnlySpan<byte> serial, out int body)
    {
        (time, body) = (default, 0);
        serial = default;
        if (!line.StartsWith("type="u8) && !line.StartsWith("node="u8)) return false;
        var stamp = line.IndexOf(Stamp);
        if (stamp < 0 || stamp > 256) return false;
        var start = stamp + Stamp.Length;
        var close = line[start..].IndexOf((byte)')');
        if (close < 0) return false;
        var text = line.Slice(start, close);
        var blank = text.IndexOf((byte)' ');
        var colon = text.LastIndexOf((byte)':');
        if (blank < 0 || colon < blank) return false;
        serial = text[(colon + 1)..];
        if (serial.IsEmpty || serial.ContainsAnyExceptInRange((byte)'0', (byte)'9')) return false;
        var date = Encoding.ASCII.GetString(text[..blank]);
        var clock = Encoding.ASCII.GetString(text[(blank + 1)..colon]);
        if (!DateTime.TryParseExact(date, Dates, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            || !TimeSpan.TryParseExact(clock, [@"hh\:mm\:ss\.fff", @"hh\:mm\:ss"], CultureInfo.InvariantCulture, out var since))
        {
            return false;
        }

        time = DateTime.SpecifyKind(day + since, DateTimeKind.Utc);
        body = start + close + 1;
        while (body < line.Length && line[body] is (byte)' ' or (byte)':') body++;
        return time >= DateTime.UnixEpoch;
    }

    /// <summary>A value goes on to the next <c> key=</c>; the title of a process, and what a program says, take the rest.</summary>
    private static void Pairs(ReadOnlySpan<byte> body, ArrayBufferWriter<byte> into)
    {
        var rest = body.TrimEnd((byte)' ');
        while (!rest.IsEmpty)
        {
            var equals = rest.IndexOf((byte)'=');
            if (equals < 0 || rest[..equals].Contains((byte)' '))
            {
                // A word without a value.
                var end = rest.IndexOf((byte)' ');
                into.Write(" "u8);
                into.Write(end < 0 ? rest : rest[..end]);
                rest = end < 0 ? default : rest[end..].TrimStart((byte)' ');
                continue;
            }

            var key = rest[..equals];
            var value = rest[(equals + 1)..];
            var takesRest = key.SequenceEqual("proctitle"u8) || (key.SequenceEqual("msg"u8) && value.StartsWith("'"u8));
            var length = takesRest ? value.Length : EndOfValue(value);
            Pair(key, value[..length].TrimEnd((byte)' '), into);
            rest = value[length..].TrimStart((byte)' ');
        }
    }

    private static void Pair(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ArrayBufferWriter<byte> into)
    {
        into.Write(" "u8);
        into.Write(key);
        into.Write("="u8);
        var isPlain = value.StartsWith("'"u8) || value.Contains((byte)'"') || value.SequenceEqual("(null)"u8);
        if (!isPlain) into.Write("\""u8);
        into.Write(value);
        if (!isPlain) into.Write("\""u8);

        // Rules ask for the call's name under the name that auditd's own interpretation has.
        if (!key.SequenceEqual("syscall"u8) || value.IsEmpty || Utf8Parser.TryParse(value, out int _, out _)) return;
        into.Write(" SYSCALL="u8);
        into.Write(value);
    }

    private static int EndOfValue(ReadOnlySpan<byte> value)
    {
        for (var at = value.IndexOf((byte)' '); at >= 0 && at < value.Length;)
        {
            var word = value[(at + 1)..];
            var end = word.IndexOfAny((byte)' ', (byte)'=');
            if (end > 0 && word[end] == '=' && !word[..end].ContainsAnyExcept(NameLetters)) return at;
            var next = word.IndexOf((byte)' ');
            if (next < 0) break;
            at += next + 1;
        }

        return value.Length;
    }

    private static void Append(ArrayBufferWriter<byte> into, string text) =>
        into.Advance(Encoding.ASCII.GetBytes(text, into.GetSpan(text.Length)));
}
