using Picket.Detection.Sigma.Ast;

namespace Picket.Detection.Sigma.Pipelines.Transformations;

/// <summary>
/// Gives fields other names, in items, behind <c>fieldref</c> and in the list of fields to be shown. A field with several names is asked
/// for in each: one must match, or, where it is asked for what is not there, none may.
/// </summary>
/// <param name="map">The names of a field; null leaves it.</param>
internal sealed class FieldMapping(Func<string?, IReadOnlyList<string>?> map) : ITransformation, IFieldMapping
{
    public IReadOnlyList<string>? Map(string? field) => map(field);

    public void Apply(PipelineItem step, RuleWork work, List<RuleWork> forms)
    {
        step.Rewrite(work, item => Forms(step, item, work));
        work.Header = work.Header with { Fields = [.. work.Header.Fields.SelectMany(field => Shown(step, field, work))] };
    }

    private List<IReadOnlyList<WorkItem>>? Forms(PipelineItem step, WorkItem work, RuleWork rule)
    {
        var item = work.Item;
        var changed = Referred(step, work, rule);
        var names = step.TakesField(item.Field, work.Applied, rule) ? map(item.Field) : null;
        if (names is null) return changed is null ? null : [[work.With(changed)]];
        changed ??= item;
        if (item.Field is null && !changed.Modifiers.Any(Values.StringValues.IsAnchor) && !changed.Modifiers.Contains(Modifier.Re))
            changed = changed with { Modifiers = [.. changed.Modifiers, Modifier.Contains] };
        var forms = names.Select(name => work.With(changed with { Field = name })).ToArray();
        return AsksForAbsence(item) ? [forms] : [.. forms.Select(form => (IReadOnlyList<WorkItem>)[form])];
    }

    /// <summary>The item with the names behind <c>fieldref</c> mapped; null when none is.</summary>
    private DetectionItem? Referred(PipelineItem step, WorkItem work, RuleWork rule)
    {
        if (!work.Item.Modifiers.Contains(Modifier.FieldRef)) return null;
        var changed = false;
        var values = new List<RuleValue>();
        foreach (var value in work.Item.Values)
        {
            var names = step.TakesField(value.Text, work.Applied, rule) ? map(value.Text) : null;
            changed |= names is not null;
            values.AddRange(names is null ? [value] : names.Select(name => value with { Text = name }));
        }

        return changed ? work.Item with { Values = values } : null;
    }

    private IEnumerable<string> Shown(PipelineItem step, string field, RuleWork work)
    {
        var applied = work.AppliedToFields.GetValueOrDefault(field) ?? new HashSet<string>(StringComparer.Ordinal);
        if (!step.TakesField(field, applied, work) || map(field) is not { } names) return [field];
        foreach (var name in names)
        {
            var known = work.AppliedToFields[name] = new HashSet<string>(applied, StringComparer.Ordinal);
            if (step.Id is not null) known.Add(step.Id);
        }

        return names;
    }

    private static bool AsksForAbsence(DetectionItem item) => item.Modifiers.Contains(Modifier.Neq)
        || item.Values.All(value => value.Kind == RuleValueKind.Null
            || (item.Modifiers.Contains(Modifier.Exists) && value.Text == "false"));
}
