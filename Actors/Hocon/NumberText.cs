using System.Globalization;

namespace Picket.Hocon;

/// <summary>Numbers as they are written: as in JSON, with leading zeros and a point without digits behind it allowed.</summary>
internal static class NumberText
{
    /// <summary>Whether the text is a number: a sign, digits, a fraction and an exponent in JSON's order.</summary>
    public static bool IsNumber(ReadOnlySpan<char> text)
    {
        var at = text.StartsWith("-") ? 1 : 0;
        if (!SkipDigits(text, ref at)) return false;
        if (at < text.Length && text[at] == '.')
        {
            at++;
            SkipDigits(text, ref at);
        }

        if (at < text.Length && text[at] is 'e' or 'E')
        {
            at++;
            if (at < text.Length && text[at] is '+' or '-') at++;
            if (!SkipDigits(text, ref at)) return false;
        }

        return at == text.Length;
    }

    /// <summary>The text as JSON writes numbers; the value is the same.</summary>
    public static string ToJson(string number)
    {
        var negative = number[0] == '-';
        var body = number.AsSpan(negative ? 1 : 0);
        while (body.Length > 1 && body[0] == '0' && char.IsAsciiDigit(body[1])) body = body[1..];
        var point = body.IndexOf('.');
        var bare = point >= 0 && (point + 1 == body.Length || !char.IsAsciiDigit(body[point + 1]));
        return string.Concat(negative ? "-" : "", bare ? $"{body[..point]}.0{body[(point + 1)..]}" : body);
    }

    /// <summary>The number as a whole one, where it is: <c>1e3</c> and <c>2.0</c> are.</summary>
    public static bool TryWhole(string text, out long value)
    {
        if (long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out value)) return true;
        if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact)) return false;
        if (exact < long.MinValue || exact > long.MaxValue || decimal.Truncate(exact) != exact) return false;

        // A decimal rounds what is too small to zero.
        if (exact == 0 && double.Parse(text, CultureInfo.InvariantCulture) != 0) return false;
        value = (long)exact;
        return true;
    }

    private static bool SkipDigits(ReadOnlySpan<char> text, ref int at)
    {
        var from = at;
        while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
        return at > from;
    }
}
