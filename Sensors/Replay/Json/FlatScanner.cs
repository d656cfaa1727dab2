using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text.Unicode;
using Picket.Detection.Events;

namespace Picket.Sensors.Replay.Json;

/// <summary>
/// Reads objects without objects or arrays in them, which most lines of logs are, several times as fast as a general reader: names are
/// expected in the order that they had in the object before, and strings are searched sixteen bytes or more at a time. Whatever is unusual
/// or wrong is left to <see cref="RecordFlattener"/>, which decides and says what is wrong. Belongs to one reader.
/// </summary>
internal sealed class FlatScanner
{
    private readonly NameChain _names = new();

    /// <summary>
    /// Adds the fields of the object that <paramref name="line"/> begins with to the batch's last record. False when it is not such an
    /// object: then the record has no fields.
    /// </summary>
    /// <param name="batch">The batch.</param>
    /// <param name="raw">Where the line lies in the batch's arena.</param>
    /// <param name="line">The line; what is behind the object is not looked at.</param>
    /// <param name="used">Bytes of the object.</param>
    public bool TryRead(EventBatch batch, int raw, ReadOnlySpan<byte> line, out int used) // hot
    {
        used = Read(batch, raw, line);
        if (used > 0) return true;
        batch.ForgetFields();
        return false;
    }

    /// <summary>Where the object ends; 0 when it is for the other reader.</summary>
    private int Read(EventBatch batch, int raw, ReadOnlySpan<byte> line) // hot
    {
        if (line.IsEmpty || line[0] != '{') return 0;
        var at = Blank(line, 1);
        if (at < line.Length && line[at] == '}') return at + 1;
        _names.Begin();
        while (true)
        {
            if (at >= line.Length || line[at] != '"') return 0;
            if (!TryName(line, ref at, out var id)) return 0;
            at = Blank(line, at);
            if (at >= line.Length || line[at] != ':') return 0;
            at = Blank(line, at + 1);
            if (at >= line.Length || !TryValue(batch, raw, line, id, ref at)) return 0;
            at = Blank(line, at);
            if (at >= line.Length) return 0;
            if (line[at] == '}') return at + 1;
            if (line[at] != ',') return 0;
            at = Blank(line, at + 1);
        }
    }

    /// <summary>The name at <paramref name="at"/>, where its quote is; moves behind the closing one.</summary>
    private bool TryName(ReadOnlySpan<byte> line, ref int at, out FieldId id) // hot
    {
        var text = line[(at + 1)..];
        if (!_names.TryExpected(text, out var length, out id))
        {
            length = EndOfPlain(text, 0);
            if (length < 0 || length > NameChain.Longest || text[length] != '"') return false;
            id = _names.Find(text[..length]);
        }

        at += length + 2;
        return true;
    }

    private static bool TryValue(EventBatch batch, int raw, ReadOnlySpan<byte> line, FieldId id, ref int at) // hot
    {
        var start = at;
        switch (line[at])
        {
            case (byte)'"':
                return TryText(batch, raw, line, id, ref at);

            case (byte)'t' when line[at..].StartsWith("true"u8):
                at += 4;
                batch.AddField(id, FieldKind.Boolean, raw + start, 4);
                return true;

            case (byte)'f' when line[at..].StartsWith("false"u8):
                at += 5;
                batch.AddField(id, FieldKind.Boolean, raw + start, 5);
                return true;

            case (byte)'n' when line[at..].StartsWith("null"u8):
                at += 4;
                batch.AddField(id, FieldKind.Null, raw + start, 0);
                return true;

            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                if (!TryNumber(line, ref at)) return false;
                if (!JsonText.TryAddPlain(batch, line[start..at], out var place))
                    place = (raw + start, JsonText.LengthOfNumber(line[start..at]));
                batch.AddField(id, FieldKind.Number, place.Start, place.Length);
                return true;

            default:
                return false;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool TryText(EventBatch batch, int raw, ReadOnlySpan<byte> line, FieldId id, ref int at) // hot
    {
        var start = at + 1;
        var length = EndOfPlain(line, start) - start;
        if (length < 0) return false;
        if (line[start + length] == '"')
        {
            batch.AddField(id, FieldKind.Text, raw + start, length);
            at = start + length + 1;
            return true;
        }

        if (line[start + length] != '\\') return false;
        var end = EndOfText(line, start + length);
        if (end < 0) return false;
        var text = line[start..end];
        var room = batch.Reserve(text.Length, out var place);
        var written = Unescape(text, room);
        if (written < 0) return false;
        batch.AddField(id, FieldKind.Text, place, written);
        at = end + 1;
        return true;
    }

    /// <summary>
    /// Where the next quote, backslash or control character is, from <paramref name="at"/> on; less than that when there is none.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int EndOfPlain(ReadOnlySpan<byte> text, int at) // hot
    {
        for (; at <= text.Length - Vector128<byte>.Count; at += Vector128<byte>.Count)
        {
            var ends = EndsIn(Vector128.Create(text.Slice(at, Vector128<byte>.Count)));
            if (ends != 0) return at + BitOperations.TrailingZeroCount(ends);
        }

        for (; at < text.Length; at++)
        {
            if (text[at] is (byte)'"' or (byte)'\\' or < 0x20) return at;
        }

        return -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint EndsIn(Vector128<byte> bytes) => // hot
        (Vector128.Equals(bytes, Vector128.Create((byte)'"')) | Vector128.Equals(bytes, Vector128.Create((byte)'\\'))
            | Vector128.LessThan(bytes, Vector128.Create((byte)0x20))).ExtractMostSignificantBits();

    /// <summary>Where the string ends that has a backslash at <paramref name="at"/>; -1 when it does not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int EndOfText(ReadOnlySpan<byte> line, int at) // hot
    {
        ulong carried = 0;
        for (; at <= line.Length - Vector512<byte>.Count; at += Vector512<byte>.Count)
        {
            var bytes = Vector512.Create(line.Slice(at, Vector512<byte>.Count));
            var slashes = Vector512.Equals(bytes, Vector512.Create((byte)'\\')).ExtractMostSignificantBits();
            var quotes = Vector512.Equals(bytes, Vector512.Create((byte)'"')).ExtractMostSignificantBits();
            var controls = Vector512.LessThan(bytes, Vector512.Create((byte)0x20)).ExtractMostSignificantBits();
            var ends = (quotes & ~Escaped(slashes, ref carried)) | controls;
            if (ends == 0) continue;
            at += BitOperations.TrailingZeroCount(ends);
            return line[at] == '"' ? at : -1;
        }

        if (carried != 0 && at < line.Length && line[at++] < 0x20) return -1;
        while (true)
        {
            at = EndOfPlain(line, at);
            if (at < 0 || line[at] < 0x20) return -1;
            if (line[at] == '"') return at;
            if (at + 1 >= line.Length || line[at + 1] < 0x20) return -1;
            at += 2;
        }
    }

    /// <summary>
    /// Which of 64 characters have a backslash before them that is not itself escaped. Of a run of backslashes every second one escapes:
    /// the subtraction carries through a run and comes out where it ends, at an odd or an even place.
    /// </summary>
    /// <param name="slashes">Where the backslashes are.</param>
    /// <param name="carried">1 when the character before the first one escapes it; set for the next 64.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Escaped(ulong slashes, ref ulong carried) // hot
    {
        const ulong Odd = 0xAAAA_AAAA_AAAA_AAAA;
        var may = slashes & ~carried;
        var ends = (((may << 1) | Odd) - may) ^ Odd;
        var escaped = ends ^ (slashes | carried);
        carried = (ends & slashes) >> 63;
        return escaped;
    }

    /// <summary>Writes what the text means; -1 for what this reader leaves to the other.</summary>
    /// <param name="text">The text, in which a backslash has something behind it.</param>
    /// <param name="room">As long as the text.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Unescape(ReadOnlySpan<byte> text, Span<byte> room) // hot
    {
        int at = 0, written = 0;
        var seen = Vector128<byte>.Zero;
        byte rest = 0;
        while (at < text.Length)
        {
            byte value;
            if (at <= text.Length - Vector128<byte>.Count && written <= room.Length - Vector128<byte>.Count)
            {
                var bytes = Vector128.Create(text.Slice(at, Vector128<byte>.Count));
                bytes.CopyTo(room[written..]);
                seen |= bytes;
                var escapes = Vector128.Equals(bytes, Vector128.Create((byte)'\\')).ExtractMostSignificantBits();
                var plain = escapes == 0 ? Vector128<byte>.Count : BitOperations.TrailingZeroCount(escapes);
                at += plain;
                written += plain;
                if (escapes == 0) continue;
                value = text[at++];
            }
            else
            {
                value = text[at++];
                rest |= value;
            }

            if (value == '\\')
            {
                value = JsonText.Meanings[text[at++]];
                if (value == 0) return -1;
            }

            room[written++] = value;
        }

        var isAscii = rest < 0x80 && seen.ExtractMostSignificantBits() == 0;
        return isAscii || Utf8.IsValid(room[..written]) ? written : -1;
    }

    /// <summary>Moves behind a number as JSON writes it (RFC 8259, section 6).</summary>
    private static bool TryNumber(ReadOnlySpan<byte> line, ref int at) // hot
    {
        if (line[at] == '-') at++;
        var first = at;
        var digits = Digits(line, ref at);
        if (digits == 0 || (digits > 1 && line[first] == '0')) return false;
        if (at < line.Length && line[at] == '.')
        {
            at++;
            if (Digits(line, ref at) == 0) return false;
        }

        if (at < line.Length && line[at] is (byte)'e' or (byte)'E')
        {
            at++;
            if (at < line.Length && line[at] is (byte)'+' or (byte)'-') at++;
            if (Digits(line, ref at) == 0) return false;
        }

        return true;
    }

    private static int Digits(ReadOnlySpan<byte> line, ref int at) // hot
    {
        var start = at;
        while (at < line.Length && line[at] is >= (byte)'0' and <= (byte)'9') at++;
        return at - start;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Blank(ReadOnlySpan<byte> line, int at) // hot
    {
        while (at < line.Length && line[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n') at++;
        return at;
    }
}
