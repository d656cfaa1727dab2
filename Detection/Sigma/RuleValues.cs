using Picket.Detection.Sigma.Ast;

namespace Picket.Detection.Sigma;

/// <summary>What a rule writes for a field.</summary>
internal static class RuleValues
{
    /// <summary>Every item of the rule, wherever its condition uses it.</summary>
    public static IEnumerable<DetectionItem> Items(SigmaRule rule) =>
        rule.Syntax.Selections.SelectMany(selection => selection.Alternatives).SelectMany(group => group.Items);

    /// <summary>The values that the rule compares a field with as they are.</summary>
    public static IEnumerable<string> Plain(SigmaRule rule, string field) => Items(rule).Where(item => item.Field == field)
        .SelectMany(item => item.Values.Where(value => IsPlain(item, value))).Select(value => value.Text);

    /// <summary>Whether a value stands for itself alone.</summary>
    public static bool IsPlain(DetectionItem item, RuleValue value) =>
        item.Modifiers.Count == 0 && value.Kind != RuleValueKind.Null && !value.Text.AsSpan().ContainsAny('*', '?', '\\');
}
