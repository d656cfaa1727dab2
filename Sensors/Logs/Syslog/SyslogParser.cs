namespace Picket.Sensors.Logs.Syslog;

/// <summary>
/// Takes the header off a line: RFC 5424, RFC 3164 and rsyslog's form with an ISO time, with or without <c>&lt;PRI&gt;</c>; and the
/// times that vsftpd and ClamAV begin their lines with. Never fails: what is no header is message.
/// </summary>
internal sealed class SyslogParser(TimeProvider time)
{
    private readonly LineTime _time = new(time);

    /// <summary>The parts of <paramref name="line"/>.</summary>
    public SyslogHeader Parse(ReadOnlySpan<byte> line) // hot
    {
        var header = new SyslogHeader(line.Length);
        var at = Priority(line, ref header);
        if (at > 0 && line[at..].StartsWith("1 "u8) && TryStructured(line, at + 2, ref header)) return header;
        var length = _time.Traditional(line[at..], out var when);
        if (length == 0) length = LineTime.Iso(line[at..], out when);
        if (length > 0)
        {
            header.TimeNs = when;
            Tagged(line, at + length, ref header);
            return header;
        }

        length = _time.CTime(line[at..], out when);
        if (length == 0) return header;
        header.TimeNs = when;
        var rest = SkipBlanks(line, at + length);
        if (line[rest..].StartsWith("-> "u8)) rest += 3;
        header.Message = TextPart.Between(rest, line.Length);
        return header;
    }

    private static int Priority(ReadOnlySpan<byte> line, ref SyslogHeader header)
    {
        const int MaxPriority = 191;
        if (line.Length < 3 || line[0] != '<') return 0;
        var number = 0;
        for (var at = 1; at < Math.Min(line.Length, 5); at++)
        {
            if (line[at] == '>' && at > 1 && number <= MaxPriority)
            {
                header.Facility = number >> 3;
                header.Severity = number & 7;
                return at + 1;
            }

            if (!char.IsAsciiDigit((char)line[at])) return 0;
            number = (number * 10) + line[at] - '0';
        }

        return 0;
    }

    /// <summary>RFC 5424 behind the version: TIMESTAMP HOSTNAME APP-NAME PROCID MSGID STRUCTURED-DATA [MSG].</summary>
    private static bool TryStructured(ReadOnlySpan<byte> line, int at, ref SyslogHeader header)
    {
        var stamp = Word(line, ref at);
        if (LineTime.Iso(stamp.Of(line), out var when) == 0 && !IsNil(line, stamp)) return false;
        var host = Word(line, ref at);
        var program = Word(line, ref at);
        var pid = Word(line, ref at);
        Word(line, ref at);
        if (at >= line.Length) return false;
        header.TimeNs = when;
        header.Host = IsNil(line, host) ? default : host;
        header.Program = IsNil(line, program) ? default : program;
        header.Pid = IsNil(line, pid) ? default : pid;
        at = BehindStructuredData(line, at);
        if (line[at..].StartsWith("\uFEFF"u8)) at += 3;
        header.Message = TextPart.Between(at, line.Length);
        return true;
    }

    private static int BehindStructuredData(ReadOnlySpan<byte> line, int at)
    {
        if (line[at] == '-') return SkipBlanks(line, at + 1);
        var quoted = false;
        var element = false;
        for (; at < line.Length; at++)
        {
            var letter = line[at];
            if (quoted && letter == '\\') at++;
            else if (letter == '"') quoted = !quoted;
            else if (!quoted && letter == '[') element = true;
            else if (!quoted && letter == ']') element = false;
            else if (!quoted && !element && letter == ' ') return at + 1;
        }

        return Math.Min(at, line.Length);
    }

    /// <summary>RFC 3164 behind the time: HOST TAG[PID]: MESSAGE, or without the host as programs write it into the socket.</summary>
    private static void Tagged(ReadOnlySpan<byte> line, int at, ref SyslogHeader header)
    {
        at = SkipBlanks(line, at);
        var start = at;
        var host = Word(line, ref at);
        if (TryTag(line, start, ref header) && line[start..(start + host.Length)].ContainsAny((byte)'[', (byte)':')) return;
        header.Host = host;
        header.Program = default;
        header.Pid = default;
        header.Message = TextPart.Between(at, line.Length);
        TryTag(line, at, ref header);
    }

    private static bool TryTag(ReadOnlySpan<byte> line, int start, ref SyslogHeader header)
    {
        const int LongestTag = 128;
        var rest = line[start..];
        var end = rest[..Math.Min(rest.Length, LongestTag)].IndexOfAny((byte)' ', (byte)'[', (byte)':');
        if (end <= 0 || rest[end] == ' ') return false;
        var program = new TextPart(start, end);
        var pid = default(TextPart);
        if (rest[end] == '[')
        {
            var close = rest[end..].IndexOf((byte)']');
            if (close < 2) return false;
            pid = TextPart.Between(start + end + 1, start + end + close);
            end += close + 1;
        }

        if (end < rest.Length && rest[end] == ':') end++;
        else if (pid.IsEmpty) return false;
        header.Program = program;
        header.Pid = pid.Of(line).ContainsAnyExceptInRange((byte)'0', (byte)'9') ? default : pid;
        header.Message = TextPart.Between(SkipBlanks(line, start + end), line.Length);
        return true;
    }

    private static TextPart Word(ReadOnlySpan<byte> line, ref int at)
    {
        var start = at;
        var blank = line[at..].IndexOf((byte)' ');
        var end = blank < 0 ? line.Length : at + blank;
        at = SkipBlanks(line, end);
        return TextPart.Between(start, end);
    }

    private static bool IsNil(ReadOnlySpan<byte> line, TextPart part) => part.Of(line).SequenceEqual("-"u8);

    private static int SkipBlanks(ReadOnlySpan<byte> line, int at)
    {
        while (at < line.Length && line[at] == ' ') at++;
        return at;
    }
}
