using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Diagnostics;
using Picket.Detection.Sigma.Parsing;

namespace Picket.Detection.Sigma.Pipelines.Conditions;

/// <summary>
/// Reads conditions: a list, or a mapping of names to conditions, with <c>..._cond_op</c> (and, or), <c>..._cond_not</c> or, over names,
/// <c>..._cond_expr</c>.
/// </summary>
internal static class ConditionSetReader
{
    /// <summary>Reads the conditions of a step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="kind">rule, detection_item or field_name.</param>
    /// <param name="read">Reads one condition by its type.</param>
    /// <exception cref="RuleException">Something is wrong.</exception>
    public static ConditionSet<T> Read<T>(NodeReader step, string kind, Func<string, NodeReader, Predicate<T>?> read)
    {
        var tests = new Dictionary<string, Predicate<T>>(StringComparer.Ordinal);
        var node = step.Take($"{kind}_conditions");
        var names = Entries(node).ToList();
        foreach (var (name, entry) in names) tests[name] = ReadOne(entry, kind, read);
        var negated = step.Flag($"{kind}_cond_not");
        var operation = step.OptionalChoice($"{kind}_cond_op", "and", "or");
        var expression = step.OptionalScalar($"{kind}_cond_expr");
        if (expression is null)
        {
            List<ConditionNode> parts = [.. names.Select(name => new ConditionNode.SelectionName(name.Name))];
            return new ConditionSet<T>(tests, operation == "or" ? new ConditionNode.Or(parts) : new ConditionNode.And(parts), negated);
        }

        if (operation is not null)
        {
            throw new RuleException(expression.At, SigmaCodes.Value,
                $"'{kind}_cond_expr' and '{kind}_cond_op' both say how conditions are joined: leave one out");
        }

        if (node is not YamlNode.Mapping)
        {
            throw new RuleException(expression.At, SigmaCodes.MissingKey,
                $"'{kind}_cond_expr' needs '{kind}_conditions' as a mapping of names to conditions");
        }

        var used = new HashSet<string>(StringComparer.Ordinal);
        var joined = ConditionParser.Parse(expression.Text, expression.At, [.. tests.Keys], used);
        foreach (var (name, entry) in names)
        {
            if (!used.Contains(name))
                throw new RuleException(entry.At, SigmaCodes.UnusedSelection, $"'{kind}_cond_expr' does not use the condition '{name}'");
        }

        return new ConditionSet<T>(tests, joined, negated);
    }

    private static IEnumerable<(string Name, YamlNode Node)> Entries(YamlNode? node) => node switch
    {
        null => [],
        YamlNode.Listing list => list.Items.Select((item, index) => ($"{index + 1}", item)),
        YamlNode.Mapping map => map.Pairs.Select(pair => (pair.Key.Text, pair.Value)),
        _ => throw new RuleException(node.At, SigmaCodes.Type, $"conditions are a list or a mapping, this is {node.Shape}"),
    };

    private static Predicate<T> ReadOne<T>(YamlNode node, string kind, Func<string, NodeReader, Predicate<T>?> read)
    {
        var reader = NodeReader.Of(node, "a condition");
        var type = reader.Scalar("type");
        var test = read(type.Text, reader)
            ?? throw new RuleException(type.At, SigmaCodes.Value, $"'{type.Text}' is no condition of {kind}_conditions");
        reader.End();
        return test;
    }
}
