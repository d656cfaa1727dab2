using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Diagnostics;
using Picket.Detection.Sigma.Ir;

namespace Picket.Detection.Sigma.Compilation;

/// <summary>
/// Placeholders that nobody gave values for. What a rule says without them is not known, so it takes no part as a whole: an item that never
/// held would make a rule that negates it match everything.
/// </summary>
internal static class Unfilled
{
    /// <summary>What never holds.</summary>
    public static IrNode Never { get; } = new IrNode.Or([]);

    /// <summary>Each placeholder of an item that has no values, with the place of the value.</summary>
    public static IEnumerable<(string Name, Place At)> In(
        DetectionItem item, IReadOnlyDictionary<string, IReadOnlyList<string>> placeholders) =>
        item.Modifiers.Contains(Modifier.Expand)
            ? item.Values.SelectMany(value => Transforms.Missing(value, placeholders).Select(name => (name, value.At)))
            : [];

    /// <summary>Each of a rule or filter.</summary>
    public static IEnumerable<(string Name, Place At)> In(
        IEnumerable<SelectionSyntax> selections, IReadOnlyDictionary<string, IReadOnlyList<string>> placeholders) =>
        selections.SelectMany(selection => selection.Alternatives).SelectMany(group => group.Items)
            .SelectMany(item => In(item, placeholders));
}
