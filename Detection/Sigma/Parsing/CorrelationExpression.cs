using System.Text.RegularExpressions;
using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Detection.Sigma.Parsing;

/// <summary>
/// Reads the condition of a temporal correlation that is an expression over its rules, as in <c>logon and not logoff</c>: the
/// specification has none, its reference implementation does.
/// </summary>
internal static partial class CorrelationExpression
{
    /// <summary>Reads it.</summary>
    /// <param name="text">The expression.</param>
    /// <param name="type">The correlation's type.</param>
    /// <param name="rules">The rules that the correlation names.</param>
    /// <param name="issues">Gets warnings.</param>
    /// <exception cref="RuleException">It is wrong, or says nothing that the type can hold for.</exception>
    public static ConditionNode Read(YamlNode.Scalar text, CorrelationType type, IReadOnlyList<RuleReference> rules, IssueList issues)
    {
        if (type is not (CorrelationType.Temporal or CorrelationType.TemporalOrdered))
        {
            throw new RuleException(text.At, SigmaCodes.Type,
                "'condition' is a single value; an expression over rules belongs to the type temporal, others compare: 'gte: 10'");
        }

        var names = rules.Select(rule => rule.Text).ToList();
        var used = new HashSet<string>(StringComparer.Ordinal);
        var expression = ConditionParser.Parse(text.Text, text.At, names, used, text.Spans, "rule of the correlation");
        foreach (var rule in rules)
        {
            if (!used.Contains(rule.Text))
                throw new RuleException(rule.At, SigmaCodes.UnusedSelection, $"the condition does not use the rule '{rule.Text}'");
        }

        if (type == CorrelationType.TemporalOrdered && !IsAll(expression))
        {
            throw new RuleException(text.At, SigmaCodes.Value,
                "temporal_ordered is about all of its rules in their order: its condition joins them by 'and', or is left out");
        }

        if (Holds(expression, _ => false))
            throw new RuleException(text.At, SigmaCodes.Value, "the condition holds where none of the rules matched");
        if (HasNot(expression))
        {
            issues.Warn(text.At, SigmaCodes.Idle,
                "what must not be there may come later: 'not' is asked with each match, not at a window's end");
        }

        return expression;
    }

    /// <summary>The rules that an expression names, each once, in their order.</summary>
    public static List<RuleReference> RulesOf(YamlNode.Scalar text)
    {
        var names = Name().Matches(text.Text).Select(match => match.Value)
            .Where(name => name.ToUpperInvariant() is not ("AND" or "OR" or "NOT")).Distinct(StringComparer.Ordinal);
        var rules = names.Select(name => new RuleReference(name, text.At)).ToList();
        return rules.Count > 0 ? rules : throw new RuleException(text.At, SigmaCodes.MissingKey, "'correlation' has no 'rules'");
    }

    /// <summary>Whether an expression holds where those rules matched for which <paramref name="isThere"/> says so.</summary>
    public static bool Holds(ConditionNode node, Func<string, bool> isThere) => node switch
    {
        ConditionNode.And and => and.Parts.All(part => Holds(part, isThere)),
        ConditionNode.Or or => or.Parts.Any(part => Holds(part, isThere)),
        ConditionNode.Not not => !Holds(not.Part, isThere),
        ConditionNode.SelectionName name => isThere(name.Selection),
        ConditionNode.AtLeast some => some.Selections.Count(isThere) >= some.Count,
        _ => false,
    };

    private static bool IsAll(ConditionNode node) => node switch
    {
        ConditionNode.And and => and.Parts.All(IsAll),
        ConditionNode.SelectionName => true,
        ConditionNode.AtLeast some => some.Count == some.Selections.Count,
        _ => false,
    };

    private static bool HasNot(ConditionNode node) => node switch
    {
        ConditionNode.And and => and.Parts.Any(HasNot),
        ConditionNode.Or or => or.Parts.Any(HasNot),
        ConditionNode.Not => true,
        _ => false,
    };

    [GeneratedRegex(@"[\w.-]+", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
