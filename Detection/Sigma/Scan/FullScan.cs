using Picket.Detection.Events;
using Picket.Detection.Sigma.Ast;

namespace Picket.Detection.Sigma.Scan;

/// <summary>
/// The engine's twin: asks every rule about every event, from the syntax, with plain strings, without index, memo or
/// normal form. Slow and obvious; it is what the engine is compared with.
/// </summary>
internal sealed class FullScan
{
    private readonly Dictionary<DetectionItem, ScanItem> _items = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<RuleSyntax, bool> _unknown = new(ReferenceEqualityComparer.Instance);

    /// <summary>Whether <paramref name="rule"/> is asked about the event and matches it.</summary>
    public bool Matches(RuleSyntax rule, in EventView view) => IsOffered(rule.Header.LogSource, view) && Holds(rule, new ScanEvent(view));

    /// <summary>The places in <paramref name="rules"/> of those that match.</summary>
    public List<int> Matches(IReadOnlyList<RuleSyntax> rules, in EventView view)
    {
        var @event = new ScanEvent(view);
        var found = new List<int>();
        for (var i = 0; i < rules.Count; i++)
        {
            if (IsOffered(rules[i].Header.LogSource, view) && Holds(rules[i], @event)) found.Add(i);
        }

        return found;
    }

    private bool Holds(RuleSyntax rule, ScanEvent @event) => !IsUnknown(rule) && Holds(rule.Condition, rule, @event);

    /// <summary>A rule with a placeholder that stands for nothing is no question that could be answered.</summary>
    private bool IsUnknown(RuleSyntax rule)
    {
        if (_unknown.TryGetValue(rule, out var known)) return known;
        var values =
            from selection in rule.Selections
            from alternative in selection.Alternatives
            from item in alternative.Items
            where item.Modifiers.Contains(Modifier.Expand)
            from value in item.Values
            select value;
        return _unknown[rule] = values.Any(value => ScanModifiers.LacksValues(value, rule.Placeholders));
    }

    private bool Holds(ConditionNode node, RuleSyntax rule, ScanEvent @event) => node switch
    {
        ConditionNode.And and => and.Parts.All(part => Holds(part, rule, @event)),
        ConditionNode.Or or => or.Parts.Any(part => Holds(part, rule, @event)),
        ConditionNode.Not not => !Holds(not.Part, rule, @event),
        ConditionNode.SelectionName named => Holds(named.Selection, rule, @event),
        ConditionNode.AtLeast some => some.Selections.Count(name => Holds(name, rule, @event)) >= some.Count,
        _ => throw new InvalidOperationException("a condition of an unknown shape"),
    };

    private bool Holds(string selection, RuleSyntax rule, ScanEvent @event)
    {
        var found = rule.Selections.Single(candidate => candidate.Name == selection);
        return found.Alternatives.Any(group => group.Items.All(item => ItemOf(item, rule).Matches(@event)));
    }

    private ScanItem ItemOf(DetectionItem item, RuleSyntax rule)
    {
        if (!_items.TryGetValue(item, out var known)) _items[item] = known = new ScanItem(item, rule.Placeholders);
        return known;
    }

    private static bool IsOffered(SigmaLogSource source, in EventView view)
    {
        var record = view.Record;
        if (record.Kind is EventKind.ProcessFork or EventKind.ProcessSnapshot) return false;
        var category = record.Route.Category;
        if (category == 0 && record.Kind == EventKind.ProcessCreation) category = EventRouteTable.Intern("process_creation");
        if (category == 0 && record.Kind == EventKind.ProcessTermination) category = EventRouteTable.Intern("process_termination");
        var arrives = string.Equals(source.Category, "file_event", StringComparison.OrdinalIgnoreCase)
            && EventRouteTable.NameOf(category) is "file_rename" or "file_link" or "file_symlink";
        var isKind = (source.Category?.ToLowerInvariant(), EventRouteTable.NameOf(category)) is
            ("registry_event", "registry_key" or "registry_add" or "registry_delete" or "registry_set" or "registry_rename")
            or ("registry_add" or "registry_delete", "registry_key")
            or ("file_delete", "file_delete_detected");
        if (!Agrees(record.Route.Product, source.Product) || !(Agrees(category, source.Category) || arrives || isKind)
            || !Agrees(record.Route.Service, source.Service))
        {
            return false;
        }

        var ruleMeansOneService = source.Service is not null && source.Category is null;
        var eventIsOfNoService = category != 0 && record.Route.Service == 0;
        var ruleIsOfAnyLog = source.Service is null && source.Category is null;
        if (ruleIsOfAnyLog && category == EventRouteTable.Intern("audit_record")) return false;
        return !(ruleMeansOneService && eventIsOfNoService);
    }

    private static bool Agrees(byte known, string? wanted) => known == 0 || wanted is null || known == EventRouteTable.Intern(wanted);
}
