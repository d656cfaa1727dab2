using System.Globalization;

namespace Picket.Hocon;

/// <summary>Takes values as the types that are asked for. Errors name the path, what was found, what is expected, and the place.</summary>
internal static class ValueReader
{
    private const NumberStyles Styles = NumberStyles.Float;

    public static string Text(ConfigValue value, string path) =>
        value is ConfigLiteral { Kind: not ConfigValueKind.Null } literal ? literal.Text : throw Wrong(value, path, "a string");

    public static bool Boolean(ConfigValue value, string path) => (value as ConfigLiteral)?.Text switch
    {
        "true" or "yes" or "on" => true,
        "false" or "no" or "off" => false,
        _ => throw Wrong(value, path, "a boolean (true, false, yes, no, on, off)"),
    };

    public static int Int(ConfigValue value, string path)
    {
        var whole = Whole(value, path, "a whole number");
        return whole is >= int.MinValue and <= int.MaxValue
            ? (int)whole
            : throw Wrong(value, path, $"a whole number from {int.MinValue} to {int.MaxValue}");
    }

    public static byte Byte(ConfigValue value, string path)
    {
        const string Expected = "a whole number from 0 to 255";
        var whole = Whole(value, path, Expected);
        return whole is >= byte.MinValue and <= byte.MaxValue ? (byte)whole : throw Wrong(value, path, Expected);
    }

    public static long Long(ConfigValue value, string path) =>
        Whole(value, path, $"a whole number from {long.MinValue} to {long.MaxValue}");

    public static double Double(ConfigValue value, string path)
    {
        var isNumber = double.TryParse((value as ConfigLiteral)?.Text, Styles, CultureInfo.InvariantCulture, out var number);
        return isNumber && double.IsFinite(number)
            ? number
            : throw Wrong(value, path, "a number");
    }

    // Not by way of a double: rounding twice can miss the nearest value.
    public static float Float(ConfigValue value, string path)
    {
        var isNumber = float.TryParse((value as ConfigLiteral)?.Text, Styles, CultureInfo.InvariantCulture, out var number);
        return isNumber && float.IsFinite(number)
            ? number
            : throw Wrong(value, path, "a number in single precision");
    }

    public static decimal Decimal(ConfigValue value, string path)
    {
        return value is ConfigLiteral literal && decimal.TryParse(literal.Text, Styles, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Wrong(value, path, "a decimal number");
    }

    public static TimeSpan Duration(ConfigValue value, string path, bool allowInfinite)
    {
        const string Expected = "a duration such as 500ms, 30s, 5m, 1h or 1d";
        if (value is not ConfigLiteral literal) throw Wrong(value, path, Expected);
        if (allowInfinite && literal.Text.Trim().Equals("infinite", StringComparison.OrdinalIgnoreCase)) return Timeout.InfiniteTimeSpan;
        if (!UnitText.TrySplit(literal.Text, out var number, out var unit) || UnitText.Nanoseconds(unit) is not { } length)
            throw Wrong(value, path, Expected);
        if (number < 0) throw Wrong(value, path, "a duration that is not negative");

        // One tick is 100 ns. Divide before multiplying: a decimal holds neither side's product for ever.
        var ticksPerUnit = length / 100;
        if (number > long.MaxValue / ticksPerUnit) throw Wrong(value, path, "a duration below 29,000 years");
        return TimeSpan.FromTicks((long)decimal.Round(number * ticksPerUnit));
    }

    public static long? ByteSize(ConfigValue value, string path)
    {
        const string Expected = "a size such as 512, 64KiB, 10MB or 1GiB";
        if (value is not ConfigLiteral literal) throw Wrong(value, path, Expected);
        if (literal.Text.Length == 0) return null;
        if (!UnitText.TrySplit(literal.Text, out var number, out var unit) || UnitText.Bytes(unit) is not { } length)
            throw Wrong(value, path, Expected);
        if (Math.Abs(number) > long.MaxValue / length) throw Wrong(value, path, "a size below 8 EiB");
        var bytes = number * length;
        return decimal.Truncate(bytes) == bytes ? (long)bytes : throw Wrong(value, path, "a whole number of bytes");
    }

    public static ConfigPeriod Period(ConfigValue value, string path)
    {
        const string Expected = "a period such as 7d, 2w, 1mo or 1y";
        if (value is not ConfigLiteral literal
            || !UnitText.TrySplit(literal.Text, out var number, out var name)
            || UnitText.Period(name) is not { } unit)
            throw Wrong(value, path, Expected);
        if (decimal.Truncate(number) != number || number < 0 || number > int.MaxValue / 7)
            throw Wrong(value, path, "a period of whole units");
        var count = (int)number;
        return new ConfigPeriod(unit.Years * count, unit.Months * count, unit.Days * count);
    }

    public static List<T> List<T>(ConfigValue value, string path, Func<ConfigValue, string, T> read)
    {
        var items = Items(value, path);
        var taken = new List<T>(items.Count);
        for (var i = 0; i < items.Count; i++) taken.Add(read(items[i], $"{path}[{i}]"));
        return taken;
    }

    public static IReadOnlyList<ConfigValue> Items(ConfigValue value, string path) => value switch
    {
        ConfigArray array => array.Items,
        ConfigObject fields when Concatenation.NumberedArray(fields) is { } numbered => numbered.Items,
        _ => throw Wrong(value, path, "an array"),
    };

    public static ConfigException Wrong(ConfigValue value, string path, string expected) =>
        new(value.Origin, $"{path} is {value.Describe()}; expected {expected}");

    private static long Whole(ConfigValue value, string path, string expected) =>
        value is ConfigLiteral literal && NumberText.TryWhole(literal.Text, out var whole) ? whole : throw Wrong(value, path, expected);
}
