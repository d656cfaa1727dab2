using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Pipelines.Values;

namespace Picket.Detection.Sigma.Pipelines.Transformations;

/// <summary>
/// Asks for each hash of <c>Hashes</c> in a field of its own. Values of which the kind of hash cannot be told leave the item as it is where
/// all values must match, or where there are no others.
/// </summary>
/// <param name="kinds">The kinds that have a field, in upper case.</param>
/// <param name="prefix">What the names of the fields begin with.</param>
/// <param name="withKind">Whether the kind ends them.</param>
internal sealed class HashFields(IReadOnlyCollection<string> kinds, string prefix, bool withKind) : ITransformation
{
    public void Apply(PipelineItem step, RuleWork work, List<RuleWork> forms) => step.Rewrite(work, item =>
        step.TakesField(item.Item.Field, item.Applied, work) ? Forms(item) : null);

    private List<IReadOnlyList<WorkItem>>? Forms(WorkItem work)
    {
        var item = work.Item;
        var found = new List<(string Field, RuleValue Value)>();
        foreach (var value in item.Values)
        {
            if (StringValues.PartsOf(item, value) is { } parts && Read(parts) is { } hash)
                found.Add((prefix + (withKind ? hash.Kind : ""), new RuleValue(RuleValueKind.Text, hash.Value, value.At)));
        }

        var all = item.Modifiers.Contains(Modifier.All);
        if (found.Count == 0 || (all && found.Count < item.Values.Count)) return null;
        Modifier[] kept = [.. item.Modifiers.Where(modifier => modifier is Modifier.Neq or Modifier.Cased)];
        var items = found.GroupBy(hash => hash.Field, hash => hash.Value, StringComparer.Ordinal).Select(group => work.With(item with
        {
            Field = group.Key,
            Values = [.. group],
            Modifiers = all && group.Count() > 1 ? [Modifier.All, .. kept] : kept,
        })).ToArray();
        return all != item.Modifiers.Contains(Modifier.Neq) ? [items] : [.. items.Select(one => (IReadOnlyList<WorkItem>)[one])];
    }

    /// <summary>The kind that stands before the hash, or that its length tells, and the hash.</summary>
    private (string Kind, string Value)? Read(IReadOnlyList<ValuePart> parts)
    {
        var rest = parts.SkipWhile(part => part.IsWildcard).ToList();
        if (rest.Count == 0) return null;
        var text = rest[0].Text;
        var mark = text.AsSpan().IndexOfAny('=', '|');
        var kind = mark >= 0 ? text[..mark].ToUpperInvariant() : OfLength(text.Length);
        if (!kinds.Contains(kind)) return null;
        rest[0] = rest[0] with { Text = text[(mark + 1)..] };
        return (kind, ValueText.Join(rest));
    }

    private static string OfLength(int length) => length switch
    {
        32 => "MD5",
        40 => "SHA1",
        64 => "SHA256",
        128 => "SHA512",
        _ => "",
    };
}
