using System.Text.Json;

namespace Picket.Spec.Live;

/// <summary>The published list of ECS fields.</summary>
internal static class EcsList
{
    private static readonly Lazy<Dictionary<string, bool>> Read = new(ReadFields);

    /// <summary>The fields, with whether each is an array; skips the calling test where the list is absent.</summary>
    public static IReadOnlyDictionary<string, bool> Fields => Read.Value;

    /// <summary>Every field of the alert outside <c>picket</c> that ECS does not have, or has as an array where it is none, or the other way round.</summary>
    public static List<string> Strangers(JsonElement alert)
    {
        var strangers = new List<string>();
        foreach (var property in alert.EnumerateObject())
        {
            if (property.Name != "picket") Collect(property.Name, property.Value, strangers);
        }

        return strangers;
    }

    private static void Collect(string path, JsonElement value, List<string> strangers)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in value.EnumerateObject()) Collect($"{path}.{property.Name}", property.Value, strangers);
        }
        else if (!Fields.TryGetValue(path, out var isArray) || isArray != (value.ValueKind == JsonValueKind.Array))
        {
            strangers.Add(path);
        }
    }

    private static Dictionary<string, bool> ReadFields()
    {
        var fields = new Dictionary<string, bool>();
        foreach (var line in File.ReadLines(Path.Combine(Corpora.Require("ecs"), "csv", "fields.csv")).Skip(1))
        {
            // The first seven columns hold no quoted commas.
            var parts = line.Split(',', 8);
            if (parts.Length == 8) fields[parts[3]] = parts[6] == "array";
        }

        return fields;
    }
}
