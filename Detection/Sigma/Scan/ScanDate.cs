using System.Globalization;
using System.Text.RegularExpressions;
using Picket.Detection.Sigma.Ast;

namespace Picket.Detection.Sigma.Scan;

/// <summary>Takes parts of a written date, as written.</summary>
internal static partial class ScanDate
{
    public static decimal? PartOf(string text, Modifier part)
    {
        var match = Written().Match(text);
        if (!match.Success) return null;
        var (invariant, none) = (CultureInfo.InvariantCulture, DateTimeStyles.None);
        if (!DateTime.TryParseExact(match.Groups["date"].Value, "yyyy-MM-dd", invariant, none, out var date)) return null;
        if (part is Modifier.Minute or Modifier.Hour)
        {
            if (!TimeOnly.TryParseExact(match.Groups["time"].Value, "HH:mm", invariant, none, out var time)) return null;
            return part == Modifier.Hour ? time.Hour : time.Minute;
        }

        return part switch
        {
            Modifier.Day => date.Day,
            Modifier.Week => ISOWeek.GetWeekOfYear(date),
            Modifier.Month => date.Month,
            _ => date.Year,
        };
    }

    [GeneratedRegex(@"\A(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2})(\z|[Tt ](?<time>[0-9]{2}:[0-9]{2})?)", RegexOptions.CultureInvariant)]
    private static partial Regex Written();
}
