using Picket.Detection.Events;
using Picket.Detection.Sigma.Ast;

namespace Picket.Detection.Sigma.Index;

/// <summary>
/// A look-up is one event in Sysmon's logs, which <c>dns_query</c> means, and two of the kernel's: the query, and its answer. Each rule
/// sees one of the two: who asks what only an answer has, the answer; any other rule the query, which also is there when nobody
/// answers. So no rule alerts twice, and none that says "not" of an answer alerts on the query.
/// </summary>
internal static class DnsParts
{
    private static readonly byte Whole = EventRouteTable.Intern("dns_query");
    private static readonly byte AnswerOnly = EventRouteTable.Intern("dns_answer");
    private static readonly byte QueryOnly = EventRouteTable.Intern("dns_query, without its answer");
    private static readonly byte AsksAnswer = EventRouteTable.Intern("dns_query, by its answer");
    private static readonly HashSet<string> AnswerFields = new(StringComparer.Ordinal) { "QueryResults", "QueryStatus", "Unsolicited" };

    /// <summary>Whether a rule on <c>dns_query</c> asks what only the answer has.</summary>
    public static bool IsByAnswer(RuleSyntax rule) =>
        string.Equals(rule.Header.LogSource.Category, "dns_query", StringComparison.OrdinalIgnoreCase)
        && RuleFields.Of(rule).Any(field => field is not null && AnswerFields.Contains(field));

    /// <summary>The log source of a rule as routing compares it.</summary>
    public static EventRoute SourceOf(RuleSyntax rule)
    {
        var source = rule.Header.LogSource;
        var route = EventRouteTable.Route(source.Product, source.Category, source.Service);
        return IsByAnswer(rule) ? route with { Category = AsksAnswer } : route;
    }

    /// <summary>The category of the kernel's query.</summary>
    public static EventRoute OfQuery(EventRoute route) => route with { Category = QueryOnly }; // hot

    /// <summary>Whether an event's category is none that the rule means.</summary>
    public static bool Contradicts(byte known, byte wanted)
    {
        if (known == 0 || wanted == 0 || known == wanted) return false;
        if (wanted == AsksAnswer) return known != Whole && known != AnswerOnly;
        return !(known == QueryOnly && wanted == Whole);
    }
}
