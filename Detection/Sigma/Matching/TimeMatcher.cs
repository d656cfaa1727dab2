using System.Buffers.Text;
using System.Globalization;

namespace Picket.Detection.Sigma.Matching;

/// <summary>
/// Compares a part of a date written as ISO 8601 (<c>2026-01-31</c>, then optionally <c>T</c> or a blank and <c>hh:mm</c>). The parts
/// are taken as they are written: Sigma converts no time zones. The week is the ISO week.
/// </summary>
internal sealed class TimeMatcher(TimePart part, Comparison comparison, decimal number) : ValueMatcher
{
    public override void WriteKey(QuestionKey key)
    {
        key.Add('t');
        key.Add((int)part);
        key.Add((int)comparison);
        key.Add(number);
    }

    public override IReadOnlyList<Literal>? Necessary => null;

    public override bool Matches(in MatchValue value) => // hot
        TryRead(value.Raw, out var found) && NumberMatcher.Holds(comparison, found, number);

    private bool TryRead(ReadOnlySpan<byte> text, out int found) // hot
    {
        found = 0;
        if (text.Length < 10 || text[4] != '-' || text[7] != '-') return false;
        if (!Number(text[..4], out var year) || !Number(text[5..7], out var month) || !Number(text[8..10], out var day)) return false;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return false;
        if (text.Length > 10 && text[10] is not ((byte)'T' or (byte)'t' or (byte)' ')) return false;
        switch (part)
        {
            case TimePart.Minute or TimePart.Hour:
                if (text.Length < 16 || text[13] != ':') return false;
                if (!Number(text[11..13], out var hour) || !Number(text[14..16], out var minute) || hour > 23 || minute > 59) return false;
                found = part == TimePart.Hour ? hour : minute;
                return true;

            case TimePart.Week:
                found = ISOWeek.GetWeekOfYear(new DateTime(year, month, day));
                return true;

            default:
                found = part == TimePart.Day ? day : part == TimePart.Month ? month : year;
                return true;
        }
    }

    private static bool Number(ReadOnlySpan<byte> digits, out int number) => // hot
        Utf8Parser.TryParse(digits, out number, out var used) && used == digits.Length && digits[0] is >= (byte)'0' and <= (byte)'9';
}
