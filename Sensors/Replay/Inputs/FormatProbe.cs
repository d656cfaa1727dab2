using System.Text;
using System.Text.Json;
using Picket.Sensors.Logs.Audit;
using Picket.Sensors.Logs.Syslog;
using Picket.Sensors.Replay.Lines;
using Picket.Sensors.Replay.Windows;

namespace Picket.Sensors.Replay.Inputs;

/// <summary>Recognises a format by an input's first bytes.</summary>
internal static class FormatProbe
{
    /// <summary>Bytes that are looked at.</summary>
    public const int HeadLength = 8 * 1024;

    /// <summary>Lines in which something of a log is looked for.</summary>
    private const int Lines = 10;

    /// <summary>Bytes of the header of an archive's entry, and where its mark is.</summary>
    private const int TarHeader = 512, TarMark = 257;

    /// <summary>Whether the bytes begin a file that gzip made.</summary>
    public static bool IsGzip(ReadOnlySpan<byte> head) => head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B, 0x08]);

    /// <summary>Whether the bytes begin a zip archive; one without entries has no other beginning than its end.</summary>
    public static bool IsZip(ReadOnlySpan<byte> head) => head.StartsWith("PK\x03\x04"u8) || head.StartsWith("PK\x05\x06"u8);

    /// <summary>Whether the bytes begin a tar archive.</summary>
    public static bool IsTar(ReadOnlySpan<byte> head) => head.Length >= TarHeader && head[TarMark..].StartsWith("ustar"u8);

    /// <summary>What packed the bytes, of what is not unpacked here; null for anything else.</summary>
    public static string? Packer(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0])) return "xz";
        if (head.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD])) return "zstd";
        if (head.StartsWith("BZh"u8)) return "bzip2";
        if (head.StartsWith((ReadOnlySpan<byte>)[(byte)'7', (byte)'z', 0xBC, 0xAF, 0x27, 0x1C])) return "7-Zip";
        if (head.StartsWith("Rar!\x1A\x07"u8)) return "rar";
        return head.StartsWith((ReadOnlySpan<byte>)[0x04, 0x22, 0x4D, 0x18]) ? "lz4" : null;
    }

    /// <summary>
    /// The order of text in UTF-16: by its mark, as PowerShell redirects it, else by what the first characters of records are; null for
    /// other text.
    /// </summary>
    public static Encoding? Utf16(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE])) return Encoding.Unicode;
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])) return Encoding.BigEndianUnicode;
        if (head.Length < 8) return null;
        var isLittle = true;
        var isBig = true;
        for (var at = 0; at < 8; at += 2)
        {
            isLittle &= head[at] is > 0 and < 0x80 && head[at + 1] == 0;
            isBig &= head[at] == 0 && head[at + 1] is > 0 and < 0x80;
        }

        return isLittle ? Encoding.Unicode : isBig ? Encoding.BigEndianUnicode : null;
    }

    /// <summary>The format of what is neither packed nor in UTF-16.</summary>
    public static InputFormat Recognise(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("ElfFile\0"u8)) return InputFormat.Evtx;
        if (head.StartsWith("\uFEFF"u8)) head = head[3..];
        var text = head.TrimStart(" \t\r\n\0"u8);
        if (text.IsEmpty && head.Contains((byte)0)) return InputFormat.Unknown;
        if (text.StartsWith("<?xml"u8) || text.StartsWith("<Events"u8) || EventXml.IsEvent(text)) return InputFormat.Xml;
        if (text.StartsWith("{"u8) || (text.StartsWith("["u8) && IsArray(text[1..].TrimStart(" \t\r\n"u8)))) return InputFormat.Json;
        if (text.IsEmpty) return InputFormat.Json;
        if (text.Contains((byte)0)) return InputFormat.Unknown;
        var syslog = new SyslogParser(TimeProvider.System);
        for (var line = 0; line < Lines && !text.IsEmpty; line++)
        {
            var end = text.IndexOf((byte)'\n');
            var first = (end < 0 ? text : text[..end]).TrimEnd("\r"u8);
            if (AuditHeader.TryRead(first, out _) || InterpretedAudit.Is(first)) return InputFormat.Audit;
            var header = syslog.Parse(first);
            if (header.TimeNs != 0 || header.Facility >= 0) return InputFormat.Syslog;
            text = end < 0 ? default : text[(end + 1)..];
        }

        // A log that was cut off in front, or begins with a heading.
        return HasObjectLine(head) ? InputFormat.Json : InputFormat.Unknown;
    }

    /// <summary>Whether a line is one JSON object, or as much of one as there is of the last line.</summary>
    private static bool HasObjectLine(ReadOnlySpan<byte> text)
    {
        while (text.IndexOf((byte)'\n') is >= 0 and var begin)
        {
            text = text[(begin + 1)..];
            if (!text.StartsWith("{\""u8)) continue;
            var end = text.IndexOf((byte)'\n');
            if (IsObject(end < 0 ? text : text[..end], isWhole: end >= 0)) return true;
        }

        return false;
    }

    private static bool IsObject(ReadOnlySpan<byte> line, bool isWhole)
    {
        var reader = new Utf8JsonReader(line, isWhole, default);
        try
        {
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The kernel's log begins its lines with a bracket, too.</summary>
    private static bool IsArray(ReadOnlySpan<byte> first) => first.IsEmpty || first[0] is (byte)'{' or (byte)'[' or (byte)']' or (byte)'"';
}
