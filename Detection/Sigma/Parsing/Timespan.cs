using System.Globalization;
using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Detection.Sigma.Parsing;

/// <summary>
/// Reads a timespan: a number and a unit. Months and years have no fixed length; theirs is the average of the calendar's.
/// </summary>
internal static class Timespan
{
    private const long SecondsPerMonth = 2_629_746;
    private const long SecondsPerYear = 31_556_952;

    /// <summary>Nanoseconds since 1970 must hold twice as much.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3660);

    /// <exception cref="RuleException">It is none, or too long.</exception>
    public static TimeSpan Read(YamlNode.Scalar node)
    {
        var text = node.Text;
        var digits = text.AsSpan(0, Math.Max(0, text.Length - 1));
        var unit = text.Length == 0 ? 0 : text[^1] switch
        {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86_400,
            'w' => 7 * 86_400,
            'M' => SecondsPerMonth,
            'y' => SecondsPerYear,
            _ => 0,
        };
        if (unit == 0 || !long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count == 0)
        {
            throw new RuleException(node.At, SigmaCodes.Value,
                $"'{text}' is no timespan: a number above zero and s, m, h, d, w, M or y, such as 15m");
        }

        if (count > Longest.TotalSeconds / unit)
            throw new RuleException(node.At, SigmaCodes.Limit, $"'{text}' is longer than {Longest.TotalDays} days");
        return TimeSpan.FromSeconds(count * unit);
    }
}
