using System.Buffers;
using System.Runtime.CompilerServices;
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
    private const int MaxNames = 256;
    private const int LongestName = 255;

    private static readonly SearchValues<byte> EndOfPlain = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Select(value => (byte)value), (byte)'"', (byte)'\\']);

    private readonly FieldId[] _ids = new FieldId[MaxNames];
    private readonly int[] _starts = new int[MaxNames + 1];
    private readonly byte[] _names = new byte[MaxNames * 32];
    private int _known;

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
        for (var property = 0; ; property++)
        {
            if (at >= line.Length || line[at] != '"') return 0;
            if (!TryName(line, property, ref at, out var id)) return 0;
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
    private bool TryName(ReadOnlySpan<byte> line, int property, ref int at, out FieldId id) // hot
    {
        var text = line[(at + 1)..];
        if (property < _known)
        {
            var expected = _names.AsSpan(_starts[property], _starts[property + 1] - _starts[property]);
            if (text.Length > expected.Length && text[expected.Length] == '"' && text.StartsWith(expected))
            {
                id = _ids[property];
                at += expected.Length + 2;
                return true;
            }
        }

        var end = text.IndexOfAny(EndOfPlain);
        id = default;
        if (end < 0 || end > LongestName || text[end] != '"') return false;
        id = FieldTable.Find(text[..end]);
        Learn(property, text[..end], id);
        at += end + 2;
        return true;
    }

    /// <summary>What was known of this and of later names was of an object of another shape.</summary>
    private void Learn(int property, ReadOnlySpan<byte> name, FieldId id) // hot
    {
        if (property >= MaxNames || property > _known || _starts[property] + name.Length > _names.Length) return;
        name.CopyTo(_names.AsSpan(_starts[property]));
        _ids[property] = id;
        _starts[property + 1] = _starts[property] + name.Length;
        _known = property + 1;
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
                batch.AddField(id, FieldKind.Number, raw + start, at - start);
                return true;

            default:
                return false;
        }
    }

    private static bool TryText(EventBatch batch, int raw, ReadOnlySpan<byte> line, FieldId id, ref int at) // hot
    {
        var start = at + 1;
        var length = line[start..].IndexOfAny(EndOfPlain);
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
        var written = Unescape(text, length, room);
        if (written < 0) return false;
        batch.AddField(id, FieldKind.Text, place, written);
        at = end + 1;
        return true;
    }

    /// <summary>Where the string ends that has a backslash at <paramref name="at"/>; -1 when it does not.</summary>
    private static int EndOfText(ReadOnlySpan<byte> line, int at) // hot
    {
        while (true)
        {
            at += 2;
            if (at >= line.Length) return -1;
            var next = line[at];
            if (next == '\\') continue;
            if (next != '"')
            {
                var more = line[at..].IndexOfAny(EndOfPlain);
                if (more < 0) return -1;
                at += more;
                if (line[at] == '\\') continue;
            }

            return line[at] == '"' ? at : -1;
        }
    }

    /// <summary>Writes what the text means; -1 for what this reader leaves to the other.</summary>
    private static int Unescape(ReadOnlySpan<byte> text, int at, Span<byte> room) // hot
    {
        text[..at].CopyTo(room);
        var written = at;
        byte seen = 0;
        for (var i = 0; i < at; i++) seen |= text[i];
        while (at < text.Length)
        {
            var value = text[at++];
            if (value == '\\')
            {
                value = text[at++];
                if (value == 'u') return -1;
                value = Meaning(value);
                if (value == 0) return -1;
            }

            seen |= value;
            room[written++] = value;
        }

        return seen < 0x80 || Utf8.IsValid(room[..written]) ? written : -1;
    }

    private static byte Meaning(byte escaped) => escaped switch // hot
    {
        (byte)'\\' or (byte)'"' or (byte)'/' => escaped,
        (byte)'n' => (byte)'\n',
        (byte)'t' => (byte)'\t',
        (byte)'r' => (byte)'\r',
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        _ => 0,
    };

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
