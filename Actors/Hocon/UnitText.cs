using System.Globalization;

namespace Picket.Hocon;

/// <summary>Numbers with a unit of a family: durations, sizes, periods.</summary>
internal static class UnitText
{
    private const string Binary = "KMGTPEZY";

    private static readonly string[] Thousands = ["kilo", "mega", "giga", "tera", "peta", "exa", "zetta", "yotta"];
    private static readonly string[] Kibis = ["kibi", "mebi", "gibi", "tebi", "pebi", "exbi", "zebi", "yobi"];

    /// <summary>Splits <c>10 ms</c> into number and unit; the unit is empty where there is none.</summary>
    public static bool TrySplit(string text, out decimal number, out string unit)
    {
        var trimmed = text.AsSpan().Trim();
        var at = trimmed.Length;
        while (at > 0 && char.IsLetter(trimmed[at - 1])) at--;
        unit = trimmed[at..].ToString();
        return decimal.TryParse(
            trimmed[..at].TrimEnd(), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture, out number);
    }

    /// <summary>The length of a unit of time in nanoseconds, milliseconds for none; null for an unknown unit.</summary>
    public static decimal? Nanoseconds(string unit) => unit switch
    {
        "ns" or "nano" or "nanos" or "nanosecond" or "nanoseconds" => 1m,
        "us" or "micro" or "micros" or "microsecond" or "microseconds" => 1_000m,
        "" or "ms" or "milli" or "millis" or "millisecond" or "milliseconds" => 1_000_000m,
        "s" or "second" or "seconds" => 1_000_000_000m,
        "m" or "minute" or "minutes" => 60_000_000_000m,
        "h" or "hour" or "hours" => 3_600_000_000_000m,
        "d" or "day" or "days" => 86_400_000_000_000m,
        _ => null,
    };

    /// <summary>The length of a unit of size in bytes; null for an unknown unit.</summary>
    public static decimal? Bytes(string unit)
    {
        if (unit is "" or "B" or "b" or "byte" or "bytes") return 1;
        for (var i = 0; i < Binary.Length; i++)
        {
            var letter = Binary[i];
            var ten = (i == 0 ? "k" : letter.ToString()) + "B";
            if (unit == ten || unit == Thousands[i] + "byte" || unit == Thousands[i] + "bytes") return Power(1000, i + 1);
            if (unit.Length == 1 && char.ToUpperInvariant(unit[0]) == letter) return Power(1024, i + 1);
            var two = unit == $"{letter}i" || unit == $"{letter}iB" || unit == Kibis[i] + "byte" || unit == Kibis[i] + "bytes";
            if (two) return Power(1024, i + 1);
        }

        return null;
    }

    /// <summary>One unit of a period, days for none; null for an unknown unit.</summary>
    public static ConfigPeriod? Period(string unit) => unit switch
    {
        "" or "d" or "day" or "days" => new ConfigPeriod(0, 0, 1),
        "w" or "week" or "weeks" => new ConfigPeriod(0, 0, 7),
        "m" or "mo" or "month" or "months" => new ConfigPeriod(0, 1, 0),
        "y" or "year" or "years" => new ConfigPeriod(1, 0, 0),
        _ => null,
    };

    private static decimal Power(decimal of, int exponent)
    {
        var power = 1m;
        for (var i = 0; i < exponent; i++) power *= of;
        return power;
    }
}
