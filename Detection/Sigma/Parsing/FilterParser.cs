using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Detection.Sigma.Parsing;

/// <summary>Reads a filter.</summary>
internal static class FilterParser
{
    private const string RulesKey = "rules";

    /// <summary>Reads the document.</summary>
    /// <param name="root">The document's root.</param>
    /// <param name="section">Its <c>filter</c>.</param>
    /// <param name="issues">Gets warnings.</param>
    /// <exception cref="RuleException">Something required is absent, or wrong.</exception>
    public static FilterSyntax Read(YamlNode.Mapping root, YamlNode section, IssueList issues)
    {
        if (section is not YamlNode.Mapping body) throw new RuleException(section.At, SigmaCodes.Type, $"'filter' is {section.Shape}");
        if (root.KeyOf("detection") is { } stray)
            throw new RuleException(stray.At, SigmaCodes.UnknownKey, "a filter has its selections under 'filter', and no 'detection'");
        var header = HeaderParser.Read(root, issues);
        var rules = ReadRules(body);
        var rest = new YamlNode.Mapping(body.At, [.. body.Pairs.Where(pair => pair.Key.Text != RulesKey)]);
        if (rest.Find("condition") is YamlNode.Listing list)
            throw new RuleException(list.At, SigmaCodes.Type, "the condition of a filter is one text");
        var (selections, condition) = DetectionParser.Read(rest, issues, "filter");
        if (!HasNot(condition))
        {
            issues.Warn(rest.Find("condition")!.At, SigmaCodes.FilterKeeps,
                "the condition must hold beside the rule's: without 'not' the rule is left with just these events, which is seldom meant");
        }

        return new FilterSyntax(header, rules, selections, condition);
    }

    /// <summary>The rules; null for all of its log source, which <c>any</c> means with and without brackets.</summary>
    private static List<RuleReference>? ReadRules(YamlNode.Mapping body)
    {
        var node = body.Find(RulesKey) ?? throw new RuleException(body.At, SigmaCodes.MissingKey,
            "'filter' has no 'rules': a list of ids or names, or 'any'");
        var names = CorrelationParser.Names(node, RulesKey);
        if (names is [{ Text: "any" or "Any" or "ANY" or "all" or "All" or "ALL" }]) return null;
        var rules = names.ConvertAll(name => new RuleReference(name.Text, name.At));
        return rules.Count > 0 ? rules : throw new RuleException(node.At, SigmaCodes.MissingKey, "'rules' is empty; 'any' means all rules");
    }

    private static bool HasNot(ConditionNode node) => node switch
    {
        ConditionNode.Not => true,
        ConditionNode.And and => and.Parts.Any(HasNot),
        ConditionNode.Or or => or.Parts.Any(HasNot),
        _ => false,
    };
}
