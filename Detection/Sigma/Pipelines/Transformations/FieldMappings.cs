using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Detection.Sigma.Pipelines.Transformations;

/// <summary>The ways to give fields other names.</summary>
internal static class FieldMappings
{
    /// <summary>By whole names; that of keywords is null.</summary>
    public static Func<string?, IReadOnlyList<string>?> ByName(NodeReader node)
    {
        var names = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        IReadOnlyList<string>? keywords = null;
        foreach (var (key, values) in node.Mapping("mapping"))
        {
            if (key is { Plain: true, Text: "" or "~" or "null" }) keywords = values;
            else names[key.Text] = values;
        }

        return field => field is null ? keywords : names.GetValueOrDefault(field);
    }

    /// <summary>By what names begin with; the first that fits counts.</summary>
    public static Func<string?, IReadOnlyList<string>?> ByPrefix(NodeReader node)
    {
        var prefixes = node.Mapping("mapping");
        foreach (var (key, _) in prefixes)
        {
            if (key.Text.Length == 0) throw new RuleException(key.At, SigmaCodes.Type, "a prefix is empty");
        }

        return field =>
        {
            if (field is null) return null;
            foreach (var (key, values) in prefixes)
            {
                if (field.StartsWith(key.Text, StringComparison.Ordinal))
                    return [.. values.Select(value => value + field[key.Text.Length..])];
            }

            return null;
        };
    }

    /// <summary>With something before each name.</summary>
    public static Func<string?, IReadOnlyList<string>?> WithPrefix(string prefix) => field => field is null ? null : [prefix + field];

    /// <summary>With something behind each name.</summary>
    public static Func<string?, IReadOnlyList<string>?> WithSuffix(string suffix) => field => field is null ? null : [field + suffix];
}
