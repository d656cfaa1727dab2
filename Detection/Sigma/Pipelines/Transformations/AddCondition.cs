using Picket.Detection.Sigma.Ast;

namespace Picket.Detection.Sigma.Pipelines.Transformations;

/// <summary>Adds a selection that must hold, or must not, beside the rule's condition.</summary>
/// <param name="name">The selection's name; one that the rule has already is marked with an apostrophe.</param>
/// <param name="selection">The selection.</param>
/// <param name="negated">Whether it must not hold.</param>
/// <param name="template">Whether <c>$product</c>, <c>$category</c> and <c>$service</c> stand for the rule's.</param>
internal sealed class AddCondition(string name, SelectionSyntax selection, bool negated, bool template) : ITransformation
{
    public void Apply(PipelineItem step, RuleWork work, List<RuleWork> forms)
    {
        var own = name;
        while (work.Selections.Exists(known => known.Name == own)) own += "'";

        // The places are those of another file; what is said of the rule is said at the rule.
        var at = work.Header.At;
        var groups = selection.Alternatives.Select(group => group.Items.Select(item => new WorkItem(item with
        {
            At = at,
            Values = [.. item.Values.Select(value => value with { At = at, Text = Filled(value.Text, work.Header.LogSource) })],
        }, step.Id is null ? [] : [step.Id])).ToList());
        work.Selections.Add(new WorkSelection(own, at, [.. groups], true));
        ConditionNode added = new ConditionNode.SelectionName(own);
        work.Condition = new ConditionNode.And([negated ? new ConditionNode.Not(added) : added, work.Condition]);
    }

    private string Filled(string text, SigmaLogSource source)
    {
        if (!template) return text;
        foreach (var (word, value) in (ReadOnlySpan<(string, string?)>)
            [("product", source.Product), ("category", source.Category), ("service", source.Service)])
        {
            text = text.Replace($"${{{word}}}", value, StringComparison.Ordinal).Replace($"${word}", value, StringComparison.Ordinal);
        }

        return text;
    }
}
