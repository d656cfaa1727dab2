using System.Globalization;
using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Diagnostics;
using Picket.Detection.Sigma.Parsing;

namespace Picket.Detection.Sigma.Pipelines.Conditions;

/// <summary>Reads conditions on rules.</summary>
internal static class RuleConditions
{
    private static readonly string[] Levels = ["informational", "low", "medium", "high", "critical"];
    private static readonly string[] Statuses = ["unsupported", "deprecated", "experimental", "test", "stable"];

    /// <summary>The condition of a type; null for a type that does not exist.</summary>
    public static Predicate<RuleSubject>? Read(string type, NodeReader node) => type switch
    {
        "logsource" => LogSource(node),
        "contains_field" => ContainsField(node.Scalar("field").Text),
        "contains_detection_item" => ContainsItem(node.Scalar("field").Text, node.Scalar("value").Text),
        "processing_item_applied" => Applied(node.Scalar("processing_item_id").Text),
        "processing_state" => State(node),
        "is_sigma_rule" => static rule => !rule.ForCorrelation,
        "is_sigma_correlation_rule" => static rule => rule.ForCorrelation,
        "rule_attribute" => Attribute(node),
        "tag" => Tag(node.Scalar("tag").Text),
        _ => null,
    };

    private static Predicate<RuleSubject> LogSource(NodeReader node)
    {
        var (product, category, service) = (node.OptionalText("product"), node.OptionalText("category"), node.OptionalText("service"));
        if (product is null && category is null && service is null)
            throw new RuleException(node.At, SigmaCodes.MissingKey, "'logsource' names neither product nor category nor service");
        return rule => rule.Work.Header.LogSource is var source && Is(product, source.Product) && Is(category, source.Category)
            && Is(service, source.Service);
    }

    private static bool Is(string? wanted, string? given) => wanted is null || wanted.Equals(given, StringComparison.OrdinalIgnoreCase);

    private static Predicate<RuleSubject> ContainsField(string field) => rule => rule.Work.Items().Any(item => item.Field == field);

    private static Predicate<RuleSubject> ContainsItem(string field, string value) => rule =>
        rule.Work.Items().Any(item => item.Field == field && item.Values.Any(one => one.Text == value));

    private static Predicate<RuleSubject> Applied(string id) => rule => rule.Work.Applied.Contains(id);

    private static Predicate<RuleSubject> State(NodeReader node)
    {
        var holds = StateCondition.Read(node);
        return rule => holds(rule.Work.State);
    }

    private static Predicate<RuleSubject> Tag(string tag) =>
        rule => rule.Work.Header.Tags.Contains(tag, StringComparer.OrdinalIgnoreCase);

    private static Predicate<RuleSubject> Attribute(NodeReader node)
    {
        var name = node.Scalar("attribute");
        var value = node.Scalar("value");
        var operation = node.OptionalChoice("op", [.. Comparisons.Words, "in", "not_in"]) ?? "eq";
        if (name.Text is "tags" or "references" or "falsepositives" or "fields" or "scope")
            return rule => CompareList(Texts(rule.Work.Header, name.Text), value.Text, operation);
        if (operation is "in" or "not_in")
            throw new RuleException(value.At, SigmaCodes.Value, $"'{operation}' is about lists, and '{name.Text}' is none");
        Check(name.Text, value, operation);
        return rule => TextOf(rule.Work, name.Text) is { } text && Compare(name.Text, text, value.Text, operation);
    }

    private static void Check(string name, YamlNode.Scalar value, string operation)
    {
        var words = name == "level" ? Levels : name == "status" ? Statuses : null;
        if (words is not null && !words.Contains(value.Text, StringComparer.Ordinal))
            throw new RuleException(value.At, SigmaCodes.Value, $"'{value.Text}' is no {name}; allowed: {string.Join(", ", words)}");
        if (name is "date" or "modified" && !TryDate(value.Text, out _))
            throw new RuleException(value.At, SigmaCodes.Value, $"'{value.Text}' is no date as YYYY-MM-DD");
        if (words is null && name is not ("date" or "modified") && operation is not ("eq" or "ne") && !TryNumber(value.Text, out _))
            throw new RuleException(value.At, SigmaCodes.Value, $"'{operation}' is about numbers, dates, levels and states");
    }

    private static bool Compare(string name, string found, string wanted, string operation) => name switch
    {
        "level" => Comparisons.Hold(operation, Array.IndexOf(Levels, found).CompareTo(Array.IndexOf(Levels, wanted))),
        "status" => Comparisons.Hold(operation, Array.IndexOf(Statuses, found).CompareTo(Array.IndexOf(Statuses, wanted))),
        "date" or "modified" => TryDate(found, out var date) && TryDate(wanted, out var other)
            && Comparisons.Hold(operation, date.CompareTo(other)),
        _ => Comparisons.Hold(operation, found, wanted),
    };

    private static bool CompareList(IReadOnlyList<string> list, string value, string operation) => operation switch
    {
        "in" => list.Contains(value, StringComparer.Ordinal),
        "not_in" => !list.Contains(value, StringComparer.Ordinal),
        "ne" => true,
        _ => false,
    };

    private static IReadOnlyList<string> Texts(RuleHeader header, string name) => name switch
    {
        "tags" => header.Tags,
        "references" => header.References,
        "falsepositives" => header.FalsePositives,
        "fields" => header.Fields,
        _ => header.Scope,
    };

    private static string? TextOf(RuleWork work, string name) => name switch
    {
        "title" => work.Header.Title,
        "id" => work.Header.Id,
        "name" => work.Header.Name,
        "taxonomy" => work.Header.Taxonomy,
        "status" => work.Header.Status,
        "level" => work.Header.Level,
        "author" => work.Header.Author,
        "description" => work.Header.Description,
        "license" => work.Header.License,
        "date" => work.Header.Date,
        "modified" => work.Header.Modified,
        _ => work.Attributes.GetValueOrDefault(name),
    };

    private static bool TryDate(string text, out DateOnly date) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date);

    private static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
}
