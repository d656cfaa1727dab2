using Picket.Detection.Sigma.Pipelines.Conditions;
using Picket.Detection.Sigma.Pipelines.Transformations;

namespace Picket.Detection.Sigma.Pipelines;

/// <summary>
/// What the fields of a rule are called in its events, for those that name fields of the rule from without: correlation rules. Immutable.
/// </summary>
internal sealed class FieldNames
{
    private readonly IReadOnlyList<FieldStep> _steps;

    private FieldNames(IReadOnlyList<FieldStep> steps) => _steps = steps;

    /// <summary>Every field is called as in the rule.</summary>
    public static FieldNames Same { get; } = new([]);

    /// <summary>These names mapped once more.</summary>
    public FieldNames Then(FieldStep step) => new([.. _steps, step]);

    /// <summary>What <paramref name="field"/> is called: at least one name.</summary>
    public IReadOnlyList<string> Of(string field)
    {
        var names = new List<(string Name, HashSet<string> Applied)> { (field, new(StringComparer.Ordinal)) };
        foreach (var (item, state) in _steps)
        {
            var next = new List<(string Name, HashSet<string> Applied)>();
            foreach (var (name, applied) in names)
            {
                var mapped = item.Fields.Hold(new FieldSubject(name, applied, state))
                    ? ((IFieldMapping)item.Transformation).Map(name)
                    : null;
                if (mapped is null) next.Add((name, applied));
                else next.AddRange(mapped.Select(other => (other, With(applied, item.Id))));
            }

            names = next;
        }

        return [.. names.Select(name => name.Name).Distinct(StringComparer.Ordinal)];
    }

    private static HashSet<string> With(HashSet<string> applied, string? id)
    {
        var more = new HashSet<string>(applied, StringComparer.Ordinal);
        if (id is not null) more.Add(id);
        return more;
    }
}
