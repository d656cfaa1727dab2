using Picket.Detection.Sigma.Compilation;

namespace Picket.Detection.Sigma.Pipelines.Transformations;

/// <summary>Gives values to a rule's placeholders that have none yet.</summary>
/// <param name="valuesOf">The values of a placeholder; null for none.</param>
/// <param name="include">Only these; null for all.</param>
/// <param name="exclude">Not these; null for none.</param>
internal sealed class FillPlaceholders(
    Func<string, IReadOnlyList<string>?> valuesOf, IReadOnlyList<string>? include, IReadOnlyList<string>? exclude) : ITransformation
{
    public void Apply(PipelineItem step, RuleWork work, List<RuleWork> forms)
    {
        var names = work.Items().SelectMany(item => Unfilled.In(item, work.Placeholders)).Select(missing => missing.Name).Distinct();
        foreach (var name in names.ToArray())
        {
            if (include?.Contains(name, StringComparer.Ordinal) == false || exclude?.Contains(name, StringComparer.Ordinal) == true)
                continue;
            if (valuesOf(name) is { } values) work.Placeholders[name] = values;
        }
    }
}
