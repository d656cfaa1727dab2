using Picket.Detection.Sigma.Diagnostics;
using Picket.Detection.Sigma.Pipelines.Conditions;
using Picket.Detection.Sigma.Pipelines.Transformations;

namespace Picket.Detection.Sigma.Pipelines;

/// <summary>One step of a pipeline: what is done, and to which rules, items and fields.</summary>
/// <param name="Id">Its name for conditions of later steps; null for none.</param>
/// <param name="Place">Its place, for what it says of a rule: the pipeline's name, file and line.</param>
/// <param name="Transformation">What is done.</param>
/// <param name="Rules">To which rules.</param>
/// <param name="Items">To which of their items.</param>
/// <param name="Fields">To which fields.</param>
internal sealed record PipelineItem(
    string? Id,
    string Place,
    ITransformation Transformation,
    ConditionSet<RuleSubject> Rules,
    ConditionSet<ItemSubject> Items,
    ConditionSet<FieldSubject> Fields)
{
    /// <summary>Applies steps, one after the other, to a rule and to the copies that they make of it.</summary>
    /// <param name="items">The steps.</param>
    /// <param name="forms">The rule, and the copies made so far.</param>
    /// <exception cref="RuleException">A step refuses the rule, or cannot be applied to it.</exception>
    public static void Apply(IReadOnlyList<PipelineItem> items, List<RuleWork> forms)
    {
        foreach (var item in items)
        {
            for (int i = 0, count = forms.Count; i < count; i++) item.Apply(forms[i], forms);
        }
    }

    /// <summary>Whether the step is about an item, by its conditions on items and fields.</summary>
    public bool Takes(WorkItem item, RuleWork work) => TakesItem(item, work) && TakesField(item.Item.Field, item.Applied, work);

    /// <summary>Whether it is about an item, whatever its field.</summary>
    public bool TakesItem(WorkItem item, RuleWork work) => Items.Hold(new ItemSubject(item, work.State));

    /// <summary>Whether it is about a field.</summary>
    public bool TakesField(string? field, IReadOnlySet<string> applied, RuleWork work) =>
        Fields.Hold(new FieldSubject(field, applied, work.State));

    /// <summary>Puts something else in the place of the items that the step is about, and remembers it.</summary>
    public void Rewrite(RuleWork work, Func<WorkItem, IReadOnlyList<IReadOnlyList<WorkItem>>?> change) => work.Rewrite(item =>
    {
        if (!TakesItem(item, work) || change(item) is not { } forms) return null;
        foreach (var made in forms.SelectMany(form => form))
        {
            if (Id is not null) made.Applied.Add(Id);
        }

        return forms;
    });

    private void Apply(RuleWork work, List<RuleWork> forms)
    {
        if (Transformation is IFieldMapping && Rules.Hold(new RuleSubject(work, true)))
            work.Map(new FieldStep(this, new Dictionary<string, string>(work.State, StringComparer.Ordinal)));
        if (!Rules.Hold(new RuleSubject(work, false))) return;
        Transformation.Apply(this, work, forms);
        if (Id is not null) work.Applied.Add(Id);
    }
}
