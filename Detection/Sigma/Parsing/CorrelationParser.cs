using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Detection.Sigma.Parsing;

/// <summary>Reads a correlation rule.</summary>
internal static class CorrelationParser
{
    /// <summary>More would make the state of each group large; SigmaHQ's longest has a handful.</summary>
    private const int MostRules = 64;

    private static readonly string[] Keys =
        ["type", "rules", "group-by", "timespan", "condition", "aliases", "generate"];

    private static readonly (string Word, CorrelationType Type)[] Types =
    [
        ("event_count", CorrelationType.EventCount),
        ("value_count", CorrelationType.ValueCount),
        ("temporal", CorrelationType.Temporal),
        ("temporal_ordered", CorrelationType.TemporalOrdered),
        ("value_sum", CorrelationType.ValueSum),
        ("value_avg", CorrelationType.ValueAvg),
        ("value_percentile", CorrelationType.ValuePercentile),
        (CorrelationCondition.MedianType, CorrelationType.ValuePercentile),
    ];

    /// <summary>Reads the document.</summary>
    /// <param name="root">The document's root.</param>
    /// <param name="section">Its <c>correlation</c>.</param>
    /// <param name="issues">Gets warnings.</param>
    /// <exception cref="RuleException">Something required is absent, or wrong.</exception>
    public static CorrelationSyntax Read(YamlNode.Mapping root, YamlNode section, IssueList issues)
    {
        if (section is not YamlNode.Mapping body)
            throw new RuleException(section.At, SigmaCodes.Type, $"'correlation' is {section.Shape}");
        foreach (var stray in (ReadOnlySpan<string>)["detection", "filter", "logsource"])
        {
            if (root.KeyOf(stray) is { } key)
                throw new RuleException(key.At, SigmaCodes.UnknownKey, $"a correlation rule has no '{stray}'");
        }

        CheckKeys(body);
        var header = HeaderParser.Read(root, issues, hasLogSource: false);
        var type = ReadType(body);
        var rules = ReadRules(body);
        var condition = CorrelationCondition.Read(body, type, rules, issues);
        var generate = ReadFlag(body, "generate") ?? ReadFlag(root, "generate") ?? false;
        return new CorrelationSyntax
        {
            Header = header,
            At = body.At,
            Type = type,
            Rules = rules,
            GroupBy = ReadGroupBy(body, issues),
            Aliases = ReadAliases(body),
            Timespan = Timespan.Read(Scalar(body, "timespan")),
            Criteria = condition.Criteria,
            Expression = condition.Expression,
            Fields = condition.Fields,
            Percentile = condition.Percentile,
            Generate = generate,
        };
    }

    /// <summary>The names in a list, or a single one.</summary>
    public static List<YamlNode.Scalar> Names(YamlNode node, string what)
    {
        var items = node is YamlNode.Listing list ? list.Items : [node];
        var names = new List<YamlNode.Scalar>(items.Count);
        foreach (var item in items)
        {
            if (item is not YamlNode.Scalar scalar)
                throw new RuleException(item.At, SigmaCodes.Type, $"an entry of '{what}' is {item.Shape}");
            if (scalar.Text.Length == 0) throw new RuleException(item.At, SigmaCodes.Type, $"an entry of '{what}' is empty");
            if (names.Exists(name => name.Text == scalar.Text))
                throw new RuleException(item.At, SigmaCodes.Value, $"'{scalar.Text}' is in '{what}' twice");
            names.Add(scalar);
        }

        return names;
    }

    /// <summary>The value of a key that must be there, once.</summary>
    private static YamlNode.Scalar Scalar(YamlNode.Mapping map, string key)
    {
        var node = Required(map, key);
        return node as YamlNode.Scalar ?? throw new RuleException(node.At, SigmaCodes.Type, $"'{key}' is {node.Shape}");
    }

    private static YamlNode Required(YamlNode.Mapping map, string key) =>
        map.Find(key) ?? throw new RuleException(map.At, SigmaCodes.MissingKey, $"'correlation' has no '{key}'");

    /// <summary>A key that is not known may be a condition that its author relies on: it is no matter of taste.</summary>
    private static void CheckKeys(YamlNode.Mapping body)
    {
        foreach (var (key, _) in body.Pairs)
        {
            if (!Keys.Contains(key.Text, StringComparer.Ordinal))
            {
                throw new RuleException(key.At, SigmaCodes.UnknownKey,
                    $"'correlation' has the unknown key '{key.Text}'; it may have {string.Join(", ", Keys)}");
            }
        }
    }

    private static CorrelationType ReadType(YamlNode.Mapping body)
    {
        var node = Scalar(body, "type");
        foreach (var (word, type) in Types)
        {
            if (word == node.Text) return type;
        }

        throw new RuleException(node.At, SigmaCodes.Value,
            $"'type' is '{node.Text}'; allowed: {string.Join(", ", Types.Select(known => known.Word))}");
    }

    private static List<RuleReference> ReadRules(YamlNode.Mapping body)
    {
        if (body.Find("rules") is null && body.Find("condition") is YamlNode.Scalar expression)
            return CorrelationExpression.RulesOf(expression);
        var node = Required(body, "rules");
        var rules = Names(node, "rules").ConvertAll(name => new RuleReference(name.Text, name.At));
        if (rules.Count == 0) throw new RuleException(node.At, SigmaCodes.MissingKey, "'rules' is empty");
        return rules.Count <= MostRules ? rules : throw new RuleException(node.At, SigmaCodes.Limit, $"more than {MostRules} rules");
    }

    private static List<string> ReadGroupBy(YamlNode.Mapping body, IssueList issues)
    {
        if (body.Find("group-by") is not { } node || node is YamlNode.Scalar { Plain: true, Text: "" or "~" or "null" })
        {
            issues.Warn(body.At, SigmaCodes.NoGroup, "without 'group-by' all events of all users and hosts are one group");
            return [];
        }

        return Names(node, "group-by").ConvertAll(name => name.Text);
    }

    private static List<FieldAlias> ReadAliases(YamlNode.Mapping body)
    {
        var aliases = new List<FieldAlias>();
        if (body.Find("aliases") is not { } node) return aliases;
        if (node is not YamlNode.Mapping map) throw new RuleException(node.At, SigmaCodes.Type, $"'aliases' is {node.Shape}");
        foreach (var (name, value) in map.Pairs)
        {
            if (value is not YamlNode.Mapping fields)
                throw new RuleException(value.At, SigmaCodes.Type, $"the alias '{name.Text}' is {value.Shape}, not a field for each rule");
            var meant = new List<(RuleReference, string)>();
            foreach (var (rule, field) in fields.Pairs)
            {
                if (field is not YamlNode.Scalar { Text.Length: > 0 } scalar)
                    throw new RuleException(field.At, SigmaCodes.Type, $"the alias '{name.Text}' names no field for '{rule.Text}'");
                meant.Add((new RuleReference(rule.Text, rule.At), scalar.Text));
            }

            aliases.Add(new FieldAlias(name.Text, name.At, meant));
        }

        return aliases;
    }

    private static bool? ReadFlag(YamlNode.Mapping map, string key) => map.Find(key) switch
    {
        null => null,
        YamlNode.Scalar { Plain: true, Text: "true" or "True" or "TRUE" } => true,
        YamlNode.Scalar { Plain: true, Text: "false" or "False" or "FALSE" } => false,
        var other => throw new RuleException(other.At, SigmaCodes.Type, $"'{key}' is neither true nor false"),
    };
}
