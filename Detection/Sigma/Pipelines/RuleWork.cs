using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Detection.Sigma.Pipelines;

/// <summary>A rule while pipelines change it.</summary>
internal sealed class RuleWork
{
    /// <summary>Alternatives of one selection at most: each field that is mapped to several multiplies them.</summary>
    private const int MostAlternatives = 1024;

    private RuleWork(RuleHeader header, List<WorkSelection> selections, ConditionNode condition)
    {
        Header = header;
        Selections = selections;
        Condition = condition;
    }

    public RuleHeader Header { get; set; }

    public List<WorkSelection> Selections { get; private set; }

    public ConditionNode Condition { get; set; }

    /// <summary>Values of placeholders.</summary>
    public Dictionary<string, IReadOnlyList<string>> Placeholders { get; } = new(StringComparer.Ordinal);

    /// <summary>Ids of what was applied to the rule.</summary>
    public HashSet<string> Applied { get; } = new(StringComparer.Ordinal);

    /// <summary>Ids of what was applied to each of the fields that the rule wants to be shown.</summary>
    public Dictionary<string, HashSet<string>> AppliedToFields { get; } = new(StringComparer.Ordinal);

    /// <summary>What <c>set_state</c> set.</summary>
    public Dictionary<string, string> State { get; } = new(StringComparer.Ordinal);

    /// <summary>What <c>set_custom_attribute</c> set.</summary>
    public Dictionary<string, string> Attributes { get; } = new(StringComparer.Ordinal);

    /// <summary>What becomes of the fields that correlation rules name.</summary>
    public FieldNames Names { get; private set; } = FieldNames.Same;

    public static RuleWork Of(RuleSyntax rule)
    {
        var work = new RuleWork(rule.Header, [.. rule.Selections.Select(WorkSelection.Of)], rule.Condition);
        foreach (var (name, values) in rule.Placeholders) work.Placeholders[name] = values;
        return work;
    }

    /// <summary>The same again, changed apart from now on.</summary>
    public RuleWork Copy()
    {
        var copy = new RuleWork(Header, Selections.ConvertAll(selection => selection.Copy()), Condition) { Names = Names };
        foreach (var (name, values) in Placeholders) copy.Placeholders[name] = values;
        copy.Applied.UnionWith(Applied);
        foreach (var (field, applied) in AppliedToFields) copy.AppliedToFields[field] = new(applied, StringComparer.Ordinal);
        foreach (var (key, value) in State) copy.State[key] = value;
        foreach (var (key, value) in Attributes) copy.Attributes[key] = value;
        return copy;
    }

    public RuleSyntax ToSyntax() => new(Header, Selections.ConvertAll(selection => selection.ToSyntax()), Condition, Placeholders);

    public IEnumerable<DetectionItem> Items() =>
        Selections.SelectMany(selection => selection.Alternatives).SelectMany(group => group).Select(item => item.Item);

    public void Map(FieldStep step) => Names = Names.Then(step);

    /// <summary>Puts something else in the place of items: alternatives, each of items that must all match.</summary>
    /// <param name="change">Null leaves the item; no alternative takes it away.</param>
    /// <exception cref="RuleException">It becomes too much, or nothing is left.</exception>
    public void Rewrite(Func<WorkItem, IReadOnlyList<IReadOnlyList<WorkItem>>?> change)
    {
        var left = new List<WorkSelection>(Selections.Count);
        foreach (var selection in Selections)
        {
            List<List<WorkItem>> alternatives = [.. selection.Alternatives.SelectMany(group => Rewrite(group, change))];
            if (alternatives.Count > MostAlternatives) throw TooMany(selection.At);
            if (alternatives.Count > 0) left.Add(selection with { Alternatives = alternatives });
        }

        if (left.Count == Selections.Count)
        {
            Selections = left;
            return;
        }

        Selections = left;
        var names = left.ConvertAll(selection => selection.Name);
        Condition = Without(Condition, names)
            ?? throw new RuleException(Header.At, SigmaCodes.Pipeline, "the pipeline leaves nothing that the rule could ask for");
    }

    private static List<List<WorkItem>> Rewrite(List<WorkItem> group, Func<WorkItem, IReadOnlyList<IReadOnlyList<WorkItem>>?> change)
    {
        List<List<WorkItem>> grown = [[]];
        foreach (var item in group)
        {
            var forms = change(item) ?? [[item]];
            if (forms.Count == 0) continue;
            if (grown.Count * forms.Count > MostAlternatives) throw TooMany(item.Item.At);
            grown = [.. grown.SelectMany(_ => forms, List<WorkItem> (before, form) => [.. before, .. form])];
        }

        return grown[0].Count == 0 ? [] : grown;
    }

    /// <summary>The condition without selections that are there no more; null when nothing is left of it.</summary>
    private static ConditionNode? Without(ConditionNode node, List<string> names)
    {
        switch (node)
        {
            case ConditionNode.Not not:
                return Without(not.Part, names) is { } part ? new ConditionNode.Not(part) : null;

            case ConditionNode.And and:
                return Parts(and.Parts) is { Count: > 0 } all ? new ConditionNode.And(all) : null;

            case ConditionNode.Or or:
                return Parts(or.Parts) is { Count: > 0 } any ? new ConditionNode.Or(any) : null;

            case ConditionNode.SelectionName named:
                return names.Contains(named.Selection) ? named : null;

            case ConditionNode.AtLeast some:
                List<string> left = [.. some.Selections.Where(names.Contains)];
                return left.Count > 0 ? new ConditionNode.AtLeast(Math.Min(some.Count, left.Count), left) : null;

            default:
                return node;
        }

        List<ConditionNode> Parts(IReadOnlyList<ConditionNode> parts) =>
            [.. parts.Select(part => Without(part, names)).Where(part => part is not null).Select(part => part!)];
    }

    private static RuleException TooMany(Place at) =>
        new(at, SigmaCodes.Limit, $"with its fields mapped to several the selection has more than {MostAlternatives} alternatives");
}
