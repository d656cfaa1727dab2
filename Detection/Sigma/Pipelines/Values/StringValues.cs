using Picket.Detection.Sigma.Ast;

namespace Picket.Detection.Sigma.Pipelines.Values;

/// <summary>
/// The texts of an item as they are once its modifiers are applied: with a wildcard where <c>contains</c>, <c>startswith</c> or
/// <c>endswith</c> put one. Values that are no such texts, like networks, expressions and what is to be Base64, have none.
/// </summary>
internal static class StringValues
{
    /// <summary>The pieces of a value; null for one that is no text.</summary>
    public static IReadOnlyList<ValuePart>? PartsOf(DetectionItem item, RuleValue value)
    {
        if (value.Kind is not (RuleValueKind.Text or RuleValueKind.Boolean) || !AreTexts(item)) return null;
        var parts = ValueText.Split(value.Text);
        if (item.Field is null) return parts;
        var contains = item.Modifiers.Contains(Modifier.Contains);
        if ((contains || item.Modifiers.Contains(Modifier.EndsWith)) && !(parts.Count > 0 && parts[0] == ValuePart.AnyRun))
            parts.Insert(0, ValuePart.AnyRun);
        if ((contains || item.Modifiers.Contains(Modifier.StartsWith)) && !(parts.Count > 0 && parts[^1] == ValuePart.AnyRun))
            parts.Add(ValuePart.AnyRun);
        return parts;
    }

    /// <summary>The plain form of a value; null for one that is no text.</summary>
    public static string? TextOf(DetectionItem item, RuleValue value) =>
        PartsOf(item, value) is { } parts ? ValueText.Plain(parts) : null;

    /// <summary>The item with other values; null when no value changes.</summary>
    /// <param name="item">The item.</param>
    /// <param name="change">Gives what stands for a value, as rules write it; null leaves it, none takes it away.</param>
    public static DetectionItem? Change(DetectionItem item, Func<IReadOnlyList<ValuePart>, IReadOnlyList<string>?> change)
    {
        var values = new List<RuleValue>(item.Values.Count);
        var changed = false;
        foreach (var value in item.Values)
        {
            var parts = PartsOf(item, value);
            var texts = parts is null ? null : change(parts);
            changed |= texts is not null;
            if (texts is not null) values.AddRange(texts.Select(text => new RuleValue(RuleValueKind.Text, text, value.At)));
            else values.Add(parts is null ? value : value with { Text = ValueText.Join(parts) });
        }

        if (!changed) return null;
        var modifiers = item.Field is null ? item.Modifiers : item.Modifiers.Where(modifier => !IsAnchor(modifier));
        return item with { Values = values, Modifiers = [.. modifiers] };
    }

    /// <summary>Whether a modifier only says where in a field the text stands.</summary>
    public static bool IsAnchor(Modifier modifier) => modifier is Modifier.Contains or Modifier.StartsWith or Modifier.EndsWith;

    private static bool AreTexts(DetectionItem item) => item.Modifiers.All(modifier => IsAnchor(modifier)
        || modifier is Modifier.All or Modifier.Neq or Modifier.Cased or Modifier.WinDash or Modifier.Expand);
}
