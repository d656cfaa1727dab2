using System.Globalization;
using System.Text.Json;

namespace Picket.Spec.Hocon;

/// <summary>Compares JSON by value: numbers by what they count, objects without order.</summary>
internal static class JsonTree
{
    public static bool Equal(string one, string other)
    {
        var options = new JsonDocumentOptions { MaxDepth = 1_000 };
        using var left = JsonDocument.Parse(one, options);
        using var right = JsonDocument.Parse(other, options);
        return Equal(left.RootElement, right.RootElement);
    }

    private static bool Equal(JsonElement one, JsonElement other)
    {
        if (one.ValueKind != other.ValueKind) return false;
        switch (one.ValueKind)
        {
            case JsonValueKind.Object:
                var names = one.EnumerateObject().Select(property => property.Name).ToHashSet();
                return names.SetEquals(other.EnumerateObject().Select(property => property.Name))
                    && names.All(name => Equal(one.GetProperty(name), other.GetProperty(name)));
            case JsonValueKind.Array:
                return one.GetArrayLength() == other.GetArrayLength()
                    && one.EnumerateArray().Zip(other.EnumerateArray()).All(pair => Equal(pair.First, pair.Second));
            case JsonValueKind.String:
                return one.GetString() == other.GetString();
            case JsonValueKind.Number:
                return one.GetRawText() == other.GetRawText() || Number(one) == Number(other);
            default:
                return true;
        }
    }

    private static double Number(JsonElement element) => double.Parse(element.GetRawText(), CultureInfo.InvariantCulture);
}
