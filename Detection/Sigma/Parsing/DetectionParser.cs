using System.Text.RegularExpressions;
using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Detection.Sigma.Parsing;

/// <summary>Reads the <c>detection</c> part of a rule, or the <c>filter</c> part of a filter.</summary>
internal static partial class DetectionParser
{
    private const string ConditionKey = "condition";

    /// <exception cref="RuleException">The part is malformed.</exception>
    public static (IReadOnlyList<SelectionSyntax> Selections, ConditionNode Condition) Read(
        YamlNode.Mapping detection, IssueList issues, string part = "detection")
    {
        if (detection.KeyOf("timeframe") is { } timeframe)
        {
            throw new RuleException(timeframe.At, SigmaCodes.Aggregation, "'timeframe' was replaced by correlation rules");
        }

        var selections = new List<SelectionSyntax>();
        foreach (var (key, value) in detection.Pairs)
        {
            if (key.Text == ConditionKey) continue;
            if (key.Text.Length == 0) throw new RuleException(key.At, SigmaCodes.Type, "a selection has no name");
            selections.Add(new SelectionSyntax(key.Text, key.At, ReadAlternatives(key, value, issues)));
        }

        if (selections.Count == 0) throw new RuleException(detection.At, SigmaCodes.MissingKey, $"'{part}' has no selection");
        return (selections, ReadCondition(detection, selections, issues, part));
    }

    private static ConditionNode ReadCondition(
        YamlNode.Mapping detection, List<SelectionSyntax> selections, IssueList issues, string part)
    {
        var node = detection.Find(ConditionKey)
            ?? throw new RuleException(detection.At, SigmaCodes.MissingKey, $"'{part}' has no 'condition'");
        var names = selections.ConvertAll(selection => selection.Name);
        var used = new HashSet<string>(StringComparer.Ordinal);
        var lines = node is YamlNode.Listing list ? list.Items : [node];
        if (lines.Count == 0) throw new RuleException(node.At, SigmaCodes.Condition, "the condition is empty");
        var parts = new List<ConditionNode>(lines.Count);
        foreach (var line in lines)
        {
            if (line is not YamlNode.Scalar scalar) throw new RuleException(line.At, SigmaCodes.Type, $"a condition is {line.Shape}");
            parts.Add(ConditionParser.Parse(scalar.Text, scalar.At, names, used, scalar.Spans));
        }

        foreach (var selection in selections)
        {
            if (!used.Contains(selection.Name))
            {
                issues.Warn(selection.At, SigmaCodes.UnusedSelection, $"no condition uses the selection '{selection.Name}'");
            }
        }

        return parts.Count == 1 ? parts[0] : new ConditionNode.Or(parts);
    }

    private static List<ItemGroup> ReadAlternatives(YamlNode.Scalar name, YamlNode body, IssueList issues)
    {
        switch (body)
        {
            case YamlNode.Mapping map:
                return [ReadMap(name, map, issues)];

            case YamlNode.Scalar scalar:
                return [Keywords([ReadValue(scalar)], issues)];

            case YamlNode.Listing { Items.Count: 0 }:
                throw new RuleException(name.At, SigmaCodes.Type, $"the selection '{name.Text}' is empty");
        }

        var items = ((YamlNode.Listing)body).Items;
        var groups = new List<ItemGroup>();
        var keywords = new List<RuleValue>();
        foreach (var item in items)
        {
            switch (item)
            {
                case YamlNode.Mapping map:
                    groups.Add(ReadMap(name, map, issues));
                    break;

                case YamlNode.Scalar scalar:
                    keywords.Add(ReadValue(scalar));
                    break;

                default:
                    throw new RuleException(item.At, SigmaCodes.Type, $"the selection '{name.Text}' holds a list in a list");
            }
        }

        // Alternatives have no order, so that the keywords of a mixed list may stand together.
        if (keywords.Count > 0) groups.Insert(0, Keywords(keywords, issues));
        return groups;
    }

    private static ItemGroup ReadMap(YamlNode.Scalar selection, YamlNode.Mapping map, IssueList issues)
    {
        if (map.Pairs.Count == 0) throw new RuleException(map.At, SigmaCodes.Type, $"the selection '{selection.Text}' is empty");
        var items = new List<DetectionItem>(map.Pairs.Count);
        foreach (var (key, value) in map.Pairs)
        {
            var (field, every, modifiers) = FieldKey.Read(key);
            var values = modifiers.Contains(Modifier.Exists) && value is YamlNode.Scalar flag
                ? [ReadFlag(flag)]
                : ReadValues(key, value, issues);
            var item = new DetectionItem(field, every, modifiers, values, key.At);
            ModifierRules.Check(item, issues);
            items.Add(item);
        }

        return new ItemGroup(items);
    }

    /// <summary>YAML 1.1, which most tools read, has more words for true and false; as values of fields they stay words.</summary>
    private static RuleValue ReadFlag(YamlNode.Scalar scalar) => scalar switch
    {
        { Plain: true, Text: "yes" or "Yes" or "YES" or "on" or "On" or "ON" } => new RuleValue(RuleValueKind.Boolean, "true", scalar.At),
        { Plain: true, Text: "no" or "No" or "NO" or "off" or "Off" or "OFF" } => new RuleValue(RuleValueKind.Boolean, "false", scalar.At),
        _ => ReadValue(scalar),
    };

    private static ItemGroup Keywords(List<RuleValue> values, IssueList issues)
    {
        var item = new DetectionItem(null, false, [], values, values[0].At);
        ModifierRules.Check(item, issues);
        return new ItemGroup([item]);
    }

    private static List<RuleValue> ReadValues(YamlNode.Scalar key, YamlNode node, IssueList issues)
    {
        if (node is YamlNode.Scalar single) return [ReadValue(single)];
        if (node is not YamlNode.Listing list) throw new RuleException(node.At, SigmaCodes.Type, $"the value of '{key.Text}' is a mapping");
        if (list.Items.Count == 0) throw new RuleException(node.At, SigmaCodes.Type, $"'{key.Text}' has an empty list of values");
        var values = new List<RuleValue>(list.Items.Count);
        foreach (var item in list.Items)
        {
            if (item is not YamlNode.Scalar scalar)
                throw new RuleException(item.At, SigmaCodes.Type, $"a value of '{key.Text}' is {item.Shape}");
            var value = ReadValue(scalar);
            if (value.Kind == RuleValueKind.Null)
                issues.Warn(value.At, SigmaCodes.Type, "null is its own type and should not be one of several values");
            values.Add(value);
        }

        return values;
    }

    /// <summary>A value with the type that YAML gives it.</summary>
    public static RuleValue ReadValue(YamlNode.Scalar scalar)
    {
        if (!scalar.Plain) return new RuleValue(RuleValueKind.Text, scalar.Text, scalar.At);
        return scalar.Text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => new RuleValue(RuleValueKind.Null, "", scalar.At),
            "true" or "True" or "TRUE" => new RuleValue(RuleValueKind.Boolean, "true", scalar.At),
            "false" or "False" or "FALSE" => new RuleValue(RuleValueKind.Boolean, "false", scalar.At),
            var text when Number().IsMatch(text) => new RuleValue(RuleValueKind.Number, text, scalar.At),
            var text => new RuleValue(RuleValueKind.Text, text, scalar.At),
        };
    }

    /// <summary>
    /// YAML's core schema in decimal. Hexadecimal stays text: events carry it as text, and so mean rules that forget the quotes.
    /// </summary>
    [GeneratedRegex(@"^[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
