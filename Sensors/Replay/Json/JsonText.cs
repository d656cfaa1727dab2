using System.Buffers.Text;
using System.Text;

namespace Picket.Sensors.Replay.Json;

/// <summary>The bytes that a string of JSON means, whatever they are: what a strict reader refuses is still what an event says.</summary>
internal static class JsonText
{
    /// <summary>Bytes of <c>\uXXXX</c>.</summary>
    private const int EscapeLength = 6;

    /// <summary>What an escape means by its second character (RFC 8259, section 7); 0 for what is none, and for <c>\u</c>.</summary>
    internal static readonly byte[] Meanings = MeaningsOf();

    /// <summary>
    /// Bytes of a number up to a fraction of zeros: 4688.0 is 4688, which is how tools write it whose columns of numbers have gaps.
    /// </summary>
    public static int LengthOfNumber(ReadOnlySpan<byte> number) // hot
    {
        if (number[^1] != '0') return number.Length;
        var point = number.IndexOf((byte)'.');
        return point > 0 && !number[(point + 1)..].ContainsAnyExcept((byte)'0') ? point : number.Length;
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
