using System.Globalization;
using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Detection.Sigma.Parsing;

/// <summary>Reads the condition of a correlation rule.</summary>
/// <param name="Criteria">The comparisons; all must hold.</param>
/// <param name="Fields">The fields whose values count.</param>
/// <param name="Percentile">Which percentile, 0 to 100.</param>
/// <param name="Expression">An expression over the rules instead of comparisons.</param>
internal sealed record CorrelationCondition(
    IReadOnlyList<CorrelationCriterion> Criteria, IReadOnlyList<string> Fields, double Percentile, ConditionNode? Expression = null)
{
    /// <summary>The specification's hint, that a median is percentile 50, as a type of its own.</summary>
    public const string MedianType = "value_median";

    private const double Median = 50;

    /// <summary>As many events as a group can keep.</summary>
    private const double LargestCount = 65_535;

    private static readonly (string Word, CorrelationOperator Operator)[] Operators =
    [
        ("lt", CorrelationOperator.Lt),
        ("lte", CorrelationOperator.Lte),
        ("gt", CorrelationOperator.Gt),
        ("gte", CorrelationOperator.Gte),
        ("eq", CorrelationOperator.Eq),
        ("neq", CorrelationOperator.Neq),
    ];

    /// <summary>Reads it.</summary>
    /// <param name="body">The section <c>correlation</c>.</param>
    /// <param name="type">The correlation's type.</param>
    /// <param name="named">The rules that it names.</param>
    /// <param name="issues">Gets warnings.</param>
    /// <exception cref="RuleException">It is absent where it must be there, or wrong.</exception>
    public static CorrelationCondition Read(
        YamlNode.Mapping body, CorrelationType type, IReadOnlyList<RuleReference> named, IssueList issues)
    {
        var rules = named.Count;
        var isTemporal = type is CorrelationType.Temporal or CorrelationType.TemporalOrdered;
        var node = body.Find("condition");
        if (node is null)
        {
            return isTemporal
                ? new CorrelationCondition([new CorrelationCriterion(CorrelationOperator.Gte, rules)], [], Median)
                : throw new RuleException(body.At, SigmaCodes.MissingKey, "'correlation' has no 'condition'");
        }

        if (node is YamlNode.Scalar text)
        {
            return new CorrelationCondition([new CorrelationCriterion(CorrelationOperator.Gte, IsOrdered(type) ? rules : 1)], [], Median,
                CorrelationExpression.Read(text, type, named, issues));
        }

        if (node is not YamlNode.Mapping map)
            throw new RuleException(node.At, SigmaCodes.Type, $"'condition' is {node.Shape}; it is a mapping, such as 'gte: 10'");
        var isMedian = body.Find("type") is YamlNode.Scalar { Text: MedianType };
        var criteria = new List<CorrelationCriterion>();
        List<YamlNode.Scalar> fields = [];
        double? percentile = null;
        foreach (var (key, value) in map.Pairs)
        {
            if (key.Text == "field") fields = CorrelationParser.Names(value, "field");
            else if (key.Text == "percentile" && !isMedian) percentile = ReadPercentile(key, value, type);
            else criteria.Add(ReadCriterion(key, value, type));
        }

        if (criteria.Count == 0)
            throw new RuleException(map.At, SigmaCodes.MissingKey, "'condition' compares with nothing: gte: 10, for one");
        CheckFields(map, fields, type);
        if (type == CorrelationType.ValuePercentile && percentile is null && !isMedian)
            issues.Warn(map.At, SigmaCodes.Value, "'condition' has no 'percentile': the median, 50, is meant");
        CheckCount(map, criteria, type, rules, issues);
        return new CorrelationCondition(criteria, fields.ConvertAll(field => field.Text), percentile ?? Median);
    }

    private static bool IsOrdered(CorrelationType type) => type == CorrelationType.TemporalOrdered;

    private static bool IsCount(CorrelationType type) => type <= CorrelationType.TemporalOrdered;

    private static double ReadPercentile(YamlNode.Scalar key, YamlNode value, CorrelationType type)
    {
        if (type != CorrelationType.ValuePercentile)
            throw new RuleException(key.At, SigmaCodes.UnknownKey, "'percentile' belongs to the type value_percentile");
        var number = Number(value, "percentile");
        return number is >= 0 and <= 100 ? number : throw new RuleException(value.At, SigmaCodes.Value, "'percentile' is 0 to 100");
    }

    private static CorrelationCriterion ReadCriterion(YamlNode.Scalar key, YamlNode value, CorrelationType type)
    {
        foreach (var (word, comparison) in Operators)
        {
            if (word != key.Text) continue;
            var threshold = Number(value, word);
            if (IsCount(type) && (threshold < 0 || threshold != Math.Floor(threshold)))
                throw new RuleException(value.At, SigmaCodes.Value, $"'{word}' is a count: a whole number from 0");
            if (IsCount(type) && threshold > LargestCount)
                throw new RuleException(value.At, SigmaCodes.Limit, $"more than {LargestCount} events of a group cannot be kept");
            return new CorrelationCriterion(comparison, threshold);
        }

        throw new RuleException(key.At, SigmaCodes.UnknownKey,
            $"'condition' has the unknown key '{key.Text}'; it may have {string.Join(", ", Operators.Select(known => known.Word))}, field");
    }

    private static double Number(YamlNode value, string key)
    {
        if (value is YamlNode.Scalar scalar
            && double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
            return number;
        throw new RuleException(value.At, SigmaCodes.Type, $"'{key}' is no number");
    }

    private static void CheckFields(YamlNode.Mapping map, List<YamlNode.Scalar> fields, CorrelationType type)
    {
        var asksValue = type >= CorrelationType.ValueSum || type == CorrelationType.ValueCount;
        if (!asksValue && fields.Count > 0)
            throw new RuleException(map.KeyOf("field")!.At, SigmaCodes.UnknownKey, "'field' belongs to the types that ask for values");
        if (asksValue && fields.Count == 0) throw new RuleException(map.At, SigmaCodes.MissingKey, "'condition' has no 'field'");
        if (type >= CorrelationType.ValueSum && fields.Count > 1)
            throw new RuleException(fields[1].At, SigmaCodes.Value, "only value_count takes several fields");
    }

    private static void CheckCount(
        YamlNode.Mapping map, List<CorrelationCriterion> criteria, CorrelationType type, int rules, IssueList issues)
    {
        if (type == CorrelationType.TemporalOrdered && (!Holds(criteria, rules) || Enumerable.Range(0, rules).Any(n => Holds(criteria, n))))
        {
            throw new RuleException(map.At, SigmaCodes.Value,
                $"temporal_ordered is about all of its {rules} rules in their order: leave 'condition' out, or ask for gte: {rules}");
        }

        if (type == CorrelationType.Temporal && !Enumerable.Range(1, rules).Any(n => Holds(criteria, n)))
            throw new RuleException(map.At, SigmaCodes.Value, $"the condition can never hold with {rules} rules");
        if (IsCount(type) && (type == CorrelationType.EventCount || rules > 1 || type == CorrelationType.ValueCount) && Holds(criteria, 1))
        {
            issues.Warn(map.At, SigmaCodes.Idle,
                "the condition holds with the first event: it is asked with each one, not at a window's end");
        }
    }

    private static bool Holds(List<CorrelationCriterion> criteria, double count) =>
        criteria.TrueForAll(criterion => criterion.Operator switch
        {
            CorrelationOperator.Lt => count < criterion.Threshold,
            CorrelationOperator.Lte => count <= criterion.Threshold,
            CorrelationOperator.Gt => count > criterion.Threshold,
            CorrelationOperator.Gte => count >= criterion.Threshold,
            CorrelationOperator.Eq => count == criterion.Threshold,
            _ => count != criterion.Threshold,
        });
}
