using System.Globalization;

namespace Picket.Detection.Sigma.Pipelines.Conditions;

/// <summary>The comparisons of conditions.</summary>
internal static class Comparisons
{
    /// <summary>Their words.</summary>
    public static IReadOnlyList<string> Words { get; } = ["eq", "ne", "gte", "gt", "lte", "lt"];

    /// <summary>Whether an order is the wanted one.</summary>
    public static bool Hold(string operation, int order) => operation switch
    {
        "eq" => order == 0,
        "ne" => order != 0,
        "gte" => order >= 0,
        "gt" => order > 0,
        "lte" => order <= 0,
        _ => order < 0,
    };

    /// <summary>Compares numbers as such and other texts by their letters.</summary>
    public static bool Hold(string operation, string found, string wanted) =>
        double.TryParse(found, NumberStyles.Float, CultureInfo.InvariantCulture, out var left)
            && double.TryParse(wanted, NumberStyles.Float, CultureInfo.InvariantCulture, out var right)
            ? Hold(operation, left.CompareTo(right))
            : Hold(operation, string.CompareOrdinal(found, wanted));
}
