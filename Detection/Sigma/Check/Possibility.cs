using Picket.Detection.Sigma.Ast;

namespace Picket.Detection.Sigma.Check;

/// <summary>
/// What is possible for a condition when some fields are never there. Items of fields that are there may turn out either
/// way; those of absent ones always turn out the same.
/// </summary>
/// <param name="CanHold">Some event makes it hold.</param>
/// <param name="CanFail">Some event makes it not hold.</param>
internal readonly record struct Possibility(bool CanHold, bool CanFail)
{
    private static Possibility Open => new(true, true);

    public static Possibility Of(RuleSyntax rule, IReadOnlySet<string> fields) => Of(rule.Condition, rule, fields);

    private static Possibility Of(ConditionNode node, RuleSyntax rule, IReadOnlySet<string> fields)
    {
        switch (node)
        {
            case ConditionNode.Not not:
                var inner = Of(not.Part, rule, fields);
                return new Possibility(inner.CanFail, inner.CanHold);

            case ConditionNode.And and:
                return AtLeast(and.Parts.Count, [.. and.Parts.Select(part => Of(part, rule, fields))]);

            case ConditionNode.Or or:
                return AtLeast(1, [.. or.Parts.Select(part => Of(part, rule, fields))]);

            case ConditionNode.SelectionName named:
                return OfSelection(named.Selection, rule, fields);

            case ConditionNode.AtLeast some:
                return AtLeast(some.Count, [.. some.Selections.Select(name => OfSelection(name, rule, fields))]);

            default:
                return Open;
        }
    }

    private static Possibility OfSelection(string name, RuleSyntax rule, IReadOnlySet<string> fields)
    {
        var selection = rule.Selections.First(candidate => candidate.Name == name);
        return AtLeast(1, [.. selection.Alternatives.Select(group =>
            AtLeast(group.Items.Count, [.. group.Items.Select(item => OfItem(item, fields))]))]);
    }

    private static Possibility OfItem(DetectionItem item, IReadOnlySet<string> fields)
    {
        if (item.Field is null || fields.Contains(item.Field))
        {
            if (HashKinds.IsAbsent(item, fields)) return Fixed(item.Modifiers.Contains(Modifier.Neq));
            var refersToAbsent = item.Modifiers.Contains(Modifier.FieldRef) && item.Values.All(value => !fields.Contains(value.Text));
            return refersToAbsent ? Fixed(item.Modifiers.Contains(Modifier.Neq)) : Open;
        }

        var all = item.Modifiers.Contains(Modifier.All);
        var holds = all ? item.Values.All(value => HoldsAbsent(value, item)) : item.Values.Any(value => HoldsAbsent(value, item));
        return Fixed(holds != item.Modifiers.Contains(Modifier.Neq));
    }

    private static bool HoldsAbsent(RuleValue value, DetectionItem item) =>
        value.Kind == RuleValueKind.Null || (item.Modifiers.Contains(Modifier.Exists) && value.Text == "false");

    private static Possibility Fixed(bool holds) => new(holds, !holds);

    private static Possibility AtLeast(int count, List<Possibility> parts)
    {
        int canHold = 0, mustHold = 0;
        foreach (var part in parts)
        {
            if (part.CanHold) canHold++;
            if (!part.CanFail) mustHold++;
        }

        return new Possibility(canHold >= count, mustHold < count);
    }
}
