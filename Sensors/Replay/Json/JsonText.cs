using System.Buffers.Text;
using System.Text;
using Picket.Detection.Events;

namespace Picket.Sensors.Replay.Json;

/// <summary>The bytes that a string of JSON means, whatever they are: what a strict reader refuses is still what an event says.</summary>
internal static class JsonText
{
    /// <summary>Bytes of <c>\uXXXX</c>.</summary>
    private const int EscapeLength = 6;

    /// <summary>The most bytes of a number that is written without its exponent.</summary>
    public const int LongestPlain = 128;

    /// <summary>What an escape means by its second character (RFC 8259, section 7); 0 for what is none, and for <c>\u</c>.</summary>
    internal static readonly byte[] Meanings = MeaningsOf();

    /// <summary>
    /// Bytes of a number up to the zeros that end its fraction: 4688.0 is 4688, which is how tools write it whose columns of numbers have
    /// gaps, and 1.50 is 1.5. A number with an exponent stays as it is (see <see cref="TryPlain"/>).
    /// </summary>
    public static int LengthOfNumber(ReadOnlySpan<byte> number) // hot
    {
        if (number[^1] != '0' || number.IndexOf((byte)'.') < 0 || number.IndexOfAny((byte)'e', (byte)'E') >= 0) return number.Length;
        var length = number.LastIndexOfAnyExcept((byte)'0') + 1;
        return number[length - 1] == '.' ? length - 1 : length;
    }

    /// <summary>
    /// Writes a number with an exponent without it: 15e-1 is 1.5. False for one that has none, or that has more digits than a rule would
    /// write.
    /// </summary>
    /// <param name="number">The number as JSON writes it.</param>
    /// <param name="room">At least <see cref="LongestPlain"/> bytes.</param>
    /// <param name="written">Bytes written.</param>
    public static bool TryPlain(ReadOnlySpan<byte> number, Span<byte> room, out int written)
    {
        written = 0;
        var mark = number.IndexOfAny((byte)'e', (byte)'E');
        if (mark < 0) return false;
        var power = number[(mark + 1)..];
        if (power[0] == '+') power = power[1..];
        if (!Utf8Parser.TryParse(power, out int exponent, out var used) || used != power.Length) return false;
        var digits = number[..mark];
        if (digits[0] == '-')
        {
            room[written++] = (byte)'-';
            digits = digits[1..];
        }

        var point = digits.IndexOf((byte)'.');
        var whole = (point < 0 ? digits.Length : point) + Math.Clamp(exponent, -LongestPlain, LongestPlain);
        if (whole < -LongestPlain / 4 || whole > LongestPlain / 4 || digits.Length > LongestPlain / 4) return false;
        Span<byte> all = stackalloc byte[LongestPlain];
        all.Fill((byte)'0');

        // The digits without their point, with zeros on both sides as far as the exponent moves the point.
        var shift = Math.Max(0, 1 - whole);
        var count = shift;
        foreach (var digit in digits)
        {
            if (digit != '.') all[count++] = digit;
        }

        whole += shift;
        count = Math.Max(count, whole);
        var first = 0;
        while (first < whole - 1 && all[first] == '0') first++;
        all[first..whole].CopyTo(room[written..]);
        written += whole - first;
        var fraction = all[whole..count].TrimEnd((byte)'0');
        if (fraction.IsEmpty) return true;
        room[written++] = (byte)'.';
        fraction.CopyTo(room[written..]);
        written += fraction.Length;
        return true;
    }

    /// <summary>Puts a number with an exponent into the batch without it; false for one that stays as it is.</summary>
    public static bool TryAddPlain(EventBatch batch, ReadOnlySpan<byte> number, out (int Start, int Length) place) // hot
    {
        place = default;
        if (number.IndexOfAny((byte)'e', (byte)'E') < 0) return false;
        Span<byte> room = stackalloc byte[LongestPlain];
        if (!TryPlain(number, room, out var written)) return false;
        place = (batch.Append(room[..written]), written);
        return true;
    }

    /// <summary>Writes what a string between its quotes means, whose escapes are known to be sound in form.</summary>
    /// <param name="text">The string as it is written.</param>
    /// <param name="room">As long as the string.</param>
    /// <returns>Bytes written.</returns>
    public static int Unescape(ReadOnlySpan<byte> text, Span<byte> room)
    {
        var written = 0;
        while (!text.IsEmpty)
        {
            var plain = text.IndexOf((byte)'\\');
            if (plain < 0) plain = text.Length;
            text[..plain].CopyTo(room[written..]);
            written += plain;
            text = text[plain..];
            if (text.Length < 2) break;
            if (text[1] != 'u')
            {
                room[written++] = Meanings[text[1]];
                text = text[2..];
                continue;
            }

            var unit = Unit(text);
            var low = char.IsHighSurrogate(unit) ? Unit(text[EscapeLength..]) : '\0';
            var rune = char.IsLowSurrogate(low) ? new Rune(unit, low) : Rune.TryCreate(unit, out var alone) ? alone : Rune.ReplacementChar;
            written += rune.EncodeToUtf8(room[written..]);
            text = text[(char.IsLowSurrogate(low) ? 2 * EscapeLength : EscapeLength)..];
        }

        return written;
    }

    private static char Unit(ReadOnlySpan<byte> text) =>
        text.StartsWith("\\u"u8) && text.Length >= EscapeLength
            && Utf8Parser.TryParse(text[2..EscapeLength], out ushort unit, out var used, 'x') && used == EscapeLength - 2
            ? (char)unit
            : '\0';

    private static byte[] MeaningsOf()
    {
        var meanings = new byte[256];
        meanings['\\'] = (byte)'\\';
        meanings['"'] = (byte)'"';
        meanings['/'] = (byte)'/';
        meanings['n'] = (byte)'\n';
        meanings['t'] = (byte)'\t';
        meanings['r'] = (byte)'\r';
        meanings['b'] = (byte)'\b';
        meanings['f'] = (byte)'\f';
        return meanings;
    }
}
