using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Detection.Sigma.Parsing;

/// <summary>Reads the documents of one file's text.</summary>
internal static class RuleParser
{
    /// <summary>Every document that is sound; what is wrong with the others goes to <paramref name="issues"/>.</summary>
    public static List<ParsedDocument> Parse(
        string text, IReadOnlyDictionary<string, IReadOnlyList<string>> placeholders, IssueList issues)
    {
        var sound = new List<ParsedDocument>();
        var collection = new RuleCollection();
        foreach (var document in DocumentSplitter.Split(text))
        {
            try
            {
                if (ParseDocument(document, collection, placeholders, issues) is { } parsed) sound.Add(parsed);
            }
            catch (RuleException failure)
            {
                issues.Error(failure.At, failure.Code, failure.Message);
            }
        }

        return sound;
    }

    private static ParsedDocument? ParseDocument(
        RuleDocument document, RuleCollection collection, IReadOnlyDictionary<string, IReadOnlyList<string>> placeholders, IssueList issues)
    {
        var root = YamlTree.Read(document);
        if (root is null) return null;
        if (root is not YamlNode.Mapping map)
            throw new RuleException(root.At, SigmaCodes.Type, $"a rule is a mapping, this is {root.Shape}");
        if (map.Find("correlation") is { } correlation)
            return new ParsedDocument.Correlation(CorrelationParser.Read(map, correlation, issues), document.Text);
        if (map.Find("filter") is { } filter) return new ParsedDocument.Filter(FilterParser.Read(map, filter, issues), document.Text);
        if (map.Find("detection") is null && Other(map) is { } other)
            throw new RuleException(map.At, SigmaCodes.MissingKey, $"this is {other}, and no rule");
        if (collection.Take(map, document.Text) is not var (whole, text)) return null;
        map = whole;
        var detection = map.Find("detection") ?? throw new RuleException(map.At, SigmaCodes.MissingKey, "the rule has no 'detection'");
        if (detection is not YamlNode.Mapping body)
            throw new RuleException(detection.At, SigmaCodes.Type, $"'detection' is {detection.Shape}");
        var header = HeaderParser.Read(map, issues);
        var (selections, condition) = DetectionParser.Read(body, issues);
        return new ParsedDocument.Rule(new RuleSyntax(header, selections, condition, placeholders), text);
    }

    /// <summary>What else lies in folders of rules, by what it begins with; null when a rule may be meant.</summary>
    private static string? Other(YamlNode.Mapping map)
    {
        if (map.Find("exclusions") is not null) return "a file of exclusions, which --exclusions takes";
        if (map.Find("transformations") is not null) return "a pipeline, which --pipeline takes";
        return map.Find("tests") is not null ? "a file of tests, which is called x.test.yml beside the rule x.yml" : null;
    }
}
