using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Pipelines.Values;

namespace Picket.Detection.Sigma.Pipelines.Conditions;

/// <summary>Reads conditions on detection items.</summary>
internal static class ItemConditions
{
    /// <summary>The condition of a type; null for a type that does not exist.</summary>
    public static Predicate<ItemSubject>? Read(string type, NodeReader node)
    {
        switch (type)
        {
            case "match_string":
                var pattern = NodeReader.Expression(node.Scalar("pattern"), atStart: true);
                var negated = node.Flag("negate");
                return Quantified(node, (item, value) =>
                    (StringValues.TextOf(item, value) is { } text && pattern.IsMatch(text)) != negated);

            case "match_value":
                var wanted = node.Scalar("value").Text;
                return Quantified(node, (item, value) =>
                    value.Kind != RuleValueKind.Null && (StringValues.TextOf(item, value) ?? value.Text) == wanted);

            case "contains_wildcard":
                return Quantified(node, static (item, value) =>
                    StringValues.PartsOf(item, value) is { } parts && parts.Any(part => part.IsWildcard));

            case "is_null":
                return Quantified(node, static (_, value) => value.Kind == RuleValueKind.Null);

            case "processing_item_applied":
                var id = node.Scalar("processing_item_id").Text;
                return subject => subject.Item.Applied.Contains(id);

            case "processing_state":
                var holds = StateCondition.Read(node);
                return subject => holds(subject.State);

            default:
                return null;
        }
    }

    private static Predicate<ItemSubject> Quantified(NodeReader node, Func<DetectionItem, RuleValue, bool> test) =>
        node.OptionalChoice("cond", "any", "all") == "all"
            ? subject => subject.Item.Item.Values.All(value => test(subject.Item.Item, value))
            : subject => subject.Item.Item.Values.Any(value => test(subject.Item.Item, value));
}
