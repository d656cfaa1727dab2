using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Compilation;
using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Detection.Sigma;

/// <summary>
/// The filters of a set. Each adds its condition to those of the rules that it names, if they are of its log source: a rule that names
/// more than the filter does is, one that names less is not.
/// </summary>
internal sealed class RuleFilters
{
    private readonly List<Filter> _filters = [];

    /// <summary>Adds a filter.</summary>
    /// <param name="syntax">The filter.</param>
    /// <param name="text">Its text.</param>
    /// <param name="issues">Gets what is wrong with it later.</param>
    /// <param name="placeholders">Values for its placeholders; without them it is not applied: with them unknown it is the rule that would
    /// take no part.</param>
    public void Add(
        FilterSyntax syntax, string text, IssueList issues, IReadOnlyDictionary<string, IReadOnlyList<string>> placeholders)
    {
        var missing = Unfilled.In(syntax.Selections, placeholders).Distinct().ToArray();
        foreach (var (placeholder, at) in missing)
        {
            issues.Warn(at, SigmaCodes.Placeholder,
                $"no values for %{placeholder}%; the filter takes no part until a pipeline gives them");
        }

        if (missing.Length == 0) _filters.Add(new Filter(syntax, text, issues, []));
    }

    /// <summary>The rule with all filters that apply to it.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="text">Its text; what comes back is another one if filters apply, since the rule is another one then.</param>
    public RuleSyntax Apply(RuleSyntax rule, ref string text)
    {
        for (var i = 0; i < _filters.Count; i++)
        {
            var filter = _filters[i];
            if (!Names(filter, rule.Header) || !Covers(filter.Syntax.Header.LogSource, rule.Header.LogSource)) continue;
            filter.Applied.Add(rule.Header);
            var prefix = $"(filter {i + 1}) ";
            var selections = filter.Syntax.Selections.Select(selection => selection with { Name = prefix + selection.Name });
            rule = rule with
            {
                Selections = [.. rule.Selections, .. selections],
                Condition = new ConditionNode.And([rule.Condition, Rename(filter.Syntax.Condition, prefix)]),
            };
            text += "\n---\n" + filter.Text;
        }

        return rule;
    }

    /// <summary>Says which filters, and which of their references, had no effect.</summary>
    public void WarnIdle(IReadOnlyList<RuleHeader> rules, IReadOnlyList<RuleHeader> correlations)
    {
        foreach (var filter in _filters)
        {
            if (filter.Syntax.Rules is not { } references)
            {
                if (filter.Applied.Count == 0) Warn(filter, filter.Syntax.Header.At, "no rule is of the filter's log source");
                continue;
            }

            foreach (var reference in references)
            {
                if (filter.Applied.Exists(rule => IsNamed(rule, reference.Text))) continue;
                if (rules.FirstOrDefault(rule => IsNamed(rule, reference.Text)) is { } other)
                {
                    Warn(filter, reference.At,
                        $"'{other.Title}' is of the log source {other.LogSource}, the filter of {filter.Syntax.Header.LogSource}");
                }
                else if (correlations.Any(rule => IsNamed(rule, reference.Text)))
                {
                    Warn(filter, reference.At, $"'{reference.Text}' is a correlation rule; filters apply to the rules that it refers to");
                }
                else
                {
                    filter.Issues.Warn(reference.At, SigmaCodes.UnknownRule, $"no rule has the id or name '{reference.Text}'");
                }
            }
        }
    }

    /// <summary>Whether a rule bears a name or id.</summary>
    public static bool IsNamed(RuleHeader rule, string text) =>
        text.Equals(rule.Id, StringComparison.OrdinalIgnoreCase) || text.Equals(rule.Name, StringComparison.Ordinal);

    private static void Warn(Filter filter, Place at, string message) => filter.Issues.Warn(at, SigmaCodes.FilterIdle, message);

    private static bool Names(Filter filter, RuleHeader rule) =>
        filter.Syntax.Rules is not { } references || references.Any(reference => IsNamed(rule, reference.Text));

    private static bool Covers(SigmaLogSource filter, SigmaLogSource rule) => Covers(filter.Product, rule.Product)
        && Covers(filter.Category, rule.Category) && Covers(filter.Service, rule.Service);

    private static bool Covers(string? wanted, string? named) => wanted is null || wanted == named;

    private static ConditionNode Rename(ConditionNode node, string prefix) => node switch
    {
        ConditionNode.And and => new ConditionNode.And([.. and.Parts.Select(part => Rename(part, prefix))]),
        ConditionNode.Or or => new ConditionNode.Or([.. or.Parts.Select(part => Rename(part, prefix))]),
        ConditionNode.Not not => new ConditionNode.Not(Rename(not.Part, prefix)),
        ConditionNode.SelectionName named => new ConditionNode.SelectionName(prefix + named.Selection),
        ConditionNode.AtLeast some => new ConditionNode.AtLeast(some.Count, [.. some.Selections.Select(name => prefix + name)]),
        _ => throw new InvalidOperationException($"a condition of type {node.GetType().Name}"),
    };

    private sealed record Filter(FilterSyntax Syntax, string Text, IssueList Issues, List<RuleHeader> Applied);
}
