using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Detection.Sigma.Parsing;

/// <summary>Reads the rules of one file's text.</summary>
internal static class RuleParser
{
    /// <summary>Every rule that is sound; what is wrong with the others goes to <paramref name="issues"/>.</summary>
    public static List<ParsedRule> Parse(
        string text, IReadOnlyDictionary<string, IReadOnlyList<string>> placeholders, IssueList issues)
    {
        var rules = new List<ParsedRule>();
        foreach (var document in DocumentSplitter.Split(text))
        {
            try
            {
                if (ParseDocument(document, placeholders, issues) is { } rule) rules.Add(new ParsedRule(rule, document.Text));
            }
            catch (RuleException failure)
            {
                issues.Error(failure.At, failure.Code, failure.Message);
            }
        }

        return rules;
    }

    private static RuleSyntax? ParseDocument(
        RuleDocument document, IReadOnlyDictionary<string, IReadOnlyList<string>> placeholders, IssueList issues)
    {
        var root = YamlTree.Read(document);
        if (root is null) return null;
        if (root is not YamlNode.Mapping map)
            throw new RuleException(root.At, SigmaCodes.Type, $"a rule is a mapping, this is {root.Shape}");
        if (IsUnsupported(map, issues)) return null;
        var detection = map.Find("detection") ?? throw new RuleException(map.At, SigmaCodes.MissingKey, "the rule has no 'detection'");
        if (detection is not YamlNode.Mapping body)
            throw new RuleException(detection.At, SigmaCodes.Type, $"'detection' is {detection.Shape}");
        var header = HeaderParser.Read(map, issues);
        var (selections, condition) = DetectionParser.Read(body, issues);
        return new RuleSyntax(header, selections, condition, placeholders);
    }

    private static bool IsUnsupported(YamlNode.Mapping map, IssueList issues)
    {
        var (key, code, what) =
            map.KeyOf("correlation") is { } correlation ? (correlation, SigmaCodes.Correlation, "correlation rules")
            : map.KeyOf("filter") is { } filter ? (filter, SigmaCodes.Filter, "filters")
            : map.KeyOf("action") is { } action ? (action, SigmaCodes.Action, "collection actions")
            : (null, "", "");
        if (key is null) return false;
        issues.Warn(key.At, code, $"{what} are not supported yet; this document is left out");
        return true;
    }
}
