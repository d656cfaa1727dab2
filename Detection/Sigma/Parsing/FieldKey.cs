using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Detection.Sigma.Parsing;

/// <summary>Reads <c>Field|modifier|modifier</c>.</summary>
internal static class FieldKey
{
    private static readonly Dictionary<string, Modifier> Names = new(StringComparer.Ordinal)
    {
        ["all"] = Modifier.All,
        ["contains"] = Modifier.Contains,
        ["startswith"] = Modifier.StartsWith,
        ["endswith"] = Modifier.EndsWith,
        ["cased"] = Modifier.Cased,
        ["exists"] = Modifier.Exists,
        ["re"] = Modifier.Re,
        ["i"] = Modifier.IgnoreCase,
        ["ignorecase"] = Modifier.IgnoreCase,
        ["m"] = Modifier.MultiLine,
        ["multiline"] = Modifier.MultiLine,
        ["s"] = Modifier.DotAll,
        ["dotall"] = Modifier.DotAll,
        ["windash"] = Modifier.WinDash,
        ["fieldref"] = Modifier.FieldRef,
        ["cidr"] = Modifier.Cidr,
        ["base64"] = Modifier.Base64,
        ["base64offset"] = Modifier.Base64Offset,
        ["wide"] = Modifier.Utf16Le,
        ["utf16le"] = Modifier.Utf16Le,
        ["utf16be"] = Modifier.Utf16Be,
        ["utf16"] = Modifier.Utf16,
        ["lt"] = Modifier.Lt,
        ["lte"] = Modifier.Lte,
        ["gt"] = Modifier.Gt,
        ["gte"] = Modifier.Gte,
        ["neq"] = Modifier.Neq,
        ["expand"] = Modifier.Expand,
        ["minute"] = Modifier.Minute,
        ["hour"] = Modifier.Hour,
        ["day"] = Modifier.Day,
        ["week"] = Modifier.Week,
        ["month"] = Modifier.Month,
        ["year"] = Modifier.Year,
    };

    private const string EverySuffix = "[all]";
    private const string AnySuffix = "[any]";

    /// <summary>Splits <paramref name="key"/>.</summary>
    /// <exception cref="RuleException">A modifier is unknown.</exception>
    public static (string? Field, bool Every, IReadOnlyList<Modifier> Modifiers) Read(YamlNode.Scalar key)
    {
        var parts = key.Text.Split('|');
        var field = parts[0];
        var every = field.EndsWith(EverySuffix, StringComparison.Ordinal);
        if (every) field = field[..^EverySuffix.Length];
        else if (field.EndsWith(AnySuffix, StringComparison.Ordinal)) field = field[..^AnySuffix.Length];
        var modifiers = new List<Modifier>(parts.Length - 1);
        foreach (var name in parts.AsSpan(1))
        {
            if (!Names.TryGetValue(name, out var modifier)) throw Unknown(key, name);
            modifiers.Add(modifier);
        }

        return (field.Length == 0 ? null : field, every, modifiers);
    }

    private static RuleException Unknown(YamlNode.Scalar key, string name)
    {
        var hint = Nearest(name) is { } near ? $"; did you mean '{near}'?" : "";
        return new RuleException(key.At, SigmaCodes.UnknownModifier, $"'{key.Text}' has the unknown modifier '{name}'{hint}");
    }

    private static string? Nearest(string name)
    {
        foreach (var known in Names.Keys)
        {
            if (known.Equals(name, StringComparison.OrdinalIgnoreCase)) return known;
            var sameStart = name.Length >= 3 && known.Length >= 3
                && known.AsSpan(0, 3).Equals(name.AsSpan(0, 3), StringComparison.OrdinalIgnoreCase);
            if (sameStart && Math.Abs(known.Length - name.Length) <= 2) return known;
        }

        return null;
    }
}
