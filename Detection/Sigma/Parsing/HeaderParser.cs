using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Detection.Sigma.Parsing;

/// <summary>Reads a rule's metadata.</summary>
internal static class HeaderParser
{
    private const int LongestTitle = 256;
    private const int LongestDescription = 65_535;
    private static readonly string[] Levels = ["informational", "low", "medium", "high", "critical"];
    private static readonly string[] Statuses = ["stable", "test", "experimental", "deprecated", "unsupported"];
    private static readonly string[] Relations = ["derived", "obsolete", "merged", "renamed", "similar"];

    /// <summary>Reads it; a document without log source, such as a correlation rule, has one that names nothing.</summary>
    /// <exception cref="RuleException">Something required is absent or has the wrong type.</exception>
    public static RuleHeader Read(YamlNode.Mapping root, IssueList issues, bool hasLogSource = true)
    {
        var title = Text(root, "title") ?? throw new RuleException(root.At, SigmaCodes.MissingKey, "the rule has no 'title'");
        if (title.Length > LongestTitle)
            issues.Warn(root.Find("title")!.At, SigmaCodes.Value, $"the title is longer than {LongestTitle} characters");
        var header = new RuleHeader
        {
            At = root.At,
            Title = title,
            LogSource = hasLogSource ? ReadLogSource(root) : new SigmaLogSource(null, null, null, null),
            Id = Text(root, "id"),
            Name = Text(root, "name"),
            Taxonomy = Text(root, "taxonomy"),
            Status = OneOf(root, "status", Statuses, issues),
            Level = OneOf(root, "level", Levels),
            Author = Text(root, "author"),
            Description = Text(root, "description"),
            License = Text(root, "license"),
            Date = ReadDate(root, "date", issues),
            Modified = ReadDate(root, "modified", issues),
            References = Texts(root, "references", issues),
            Tags = Texts(root, "tags", issues),
            FalsePositives = Texts(root, "falsepositives", issues),
            Fields = Texts(root, "fields", issues),
            Scope = Texts(root, "scope", issues),
            Related = ReadRelated(root, issues),
        };
        CheckId(root, header, issues);
        if (header.Description?.Length > LongestDescription)
        {
            issues.Warn(root.Find("description")!.At, SigmaCodes.Value, $"the description is longer than {LongestDescription} characters");
        }

        return header;
    }

    private static void CheckId(YamlNode.Mapping root, RuleHeader header, IssueList issues)
    {
        if (header.Id is null) issues.Warn(root.At, SigmaCodes.NoId, "the rule has no 'id'");
        else if (!Guid.TryParseExact(header.Id, "D", out _))
            issues.Warn(root.Find("id")!.At, SigmaCodes.Value, $"the id '{header.Id}' is not a UUID");
    }

    private static SigmaLogSource ReadLogSource(YamlNode.Mapping root)
    {
        var node = root.Find("logsource") ?? throw new RuleException(root.At, SigmaCodes.MissingKey, "the rule has no 'logsource'");
        if (node is not YamlNode.Mapping map) throw new RuleException(node.At, SigmaCodes.Type, $"'logsource' is {node.Shape}");
        var source = new SigmaLogSource(Lower(map, "product"), Lower(map, "category"), Lower(map, "service"), Text(map, "definition"));
        if (source is { Product: null, Category: null, Service: null })
        {
            throw new RuleException(node.At, SigmaCodes.MissingKey, "'logsource' names neither product nor category nor service");
        }

        return source;
    }

    private static List<RelatedRule> ReadRelated(YamlNode.Mapping root, IssueList issues)
    {
        var related = new List<RelatedRule>();
        var node = root.Find("related");
        if (node is null or YamlNode.Scalar { Plain: true, Text: "" }) return related;
        if (node is not YamlNode.Listing list) throw new RuleException(node.At, SigmaCodes.Type, $"'related' is {node.Shape}");
        foreach (var item in list.Items)
        {
            if (item is not YamlNode.Mapping map)
                throw new RuleException(item.At, SigmaCodes.Type, $"an entry of 'related' is {item.Shape}");
            var id = Text(map, "id") ?? throw new RuleException(map.At, SigmaCodes.MissingKey, "an entry of 'related' has no 'id'");
            var type = OneOf(map, "type", Relations, issues) ?? throw new RuleException(map.At, SigmaCodes.MissingKey,
                "an entry of 'related' has no 'type'");
            related.Add(new RelatedRule(id, type));
        }

        return related;
    }

    private static string? Text(YamlNode.Mapping map, string key)
    {
        var node = map.Find(key);
        if (node is null) return null;
        if (node is not YamlNode.Scalar scalar) throw new RuleException(node.At, SigmaCodes.Type, $"'{key}' is {node.Shape}");
        return scalar.Plain && scalar.Text is "" or "~" or "null" ? null : scalar.Text;
    }

    private static string? Lower(YamlNode.Mapping map, string key) => Text(map, key)?.ToLowerInvariant();

    /// <summary>What alerts depend on must be right; with <paramref name="lenient"/> a wrong word is only worth a warning.</summary>
    private static string? OneOf(YamlNode.Mapping map, string key, string[] allowed, IssueList? lenient = null)
    {
        var text = Text(map, key);
        if (text is null || allowed.Contains(text, StringComparer.Ordinal)) return text;
        var at = map.Find(key)!.At;
        var message = $"'{key}' is '{text}'; allowed: {string.Join(", ", allowed)}";
        if (lenient is null) throw new RuleException(at, SigmaCodes.Value, message);
        lenient.Warn(at, SigmaCodes.Value, message);
        return text;
    }

    private static string? ReadDate(YamlNode.Mapping map, string key, IssueList issues)
    {
        var text = Text(map, key);
        if (text is null) return null;
        var invariant = System.Globalization.CultureInfo.InvariantCulture;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", invariant, System.Globalization.DateTimeStyles.None, out _)) return text;
        issues.Warn(map.Find(key)!.At, SigmaCodes.Value, $"'{key}' is '{text}', not a date as YYYY-MM-DD");
        return text;
    }

    private static List<string> Texts(YamlNode.Mapping map, string key, IssueList issues)
    {
        var texts = new List<string>();
        var node = map.Find(key);
        switch (node)
        {
            case null or YamlNode.Scalar { Plain: true, Text: "" or "~" or "null" }:
                break;

            case YamlNode.Scalar scalar:
                issues.Warn(scalar.At, SigmaCodes.Type, $"'{key}' should be a list");
                texts.Add(scalar.Text);
                break;

            case YamlNode.Listing list:
                foreach (var item in list.Items)
                {
                    if (item is not YamlNode.Scalar entry)
                        throw new RuleException(item.At, SigmaCodes.Type, $"an entry of '{key}' is {item.Shape}");
                    texts.Add(entry.Text);
                }

                break;

            default:
                throw new RuleException(node.At, SigmaCodes.Type, $"'{key}' is {node.Shape}");
        }

        return texts;
    }
}
