using Picket.Detection.Alerts;
using Picket.Detection.Events;
using Picket.Detection.Sigma.Ir;
using Picket.Detection.Sigma.Matching;

namespace Picket.Detection.Sigma.Index;

/// <summary>Finds which values made a rule match. Off the hot path: it asks again instead of remembering.</summary>
internal static class Explanation
{
    public static IReadOnlyList<AlertMatch> Of(RuleProgram program, EventValues values, in EventView view)
    {
        var rule = program.Rule;
        var matches = new List<AlertMatch>();
        Explain(rule.Condition, rule, "", values, view, matches);
        return matches;
    }

    /// <summary>Only what contributes: of alternatives those that hold, of a negation nothing.</summary>
    private static void Explain(IrNode node, RuleIr rule, string selection, EventValues values, in EventView view, List<AlertMatch> matches)
    {
        if (!Holds(node, rule, values, view)) return;
        switch (node)
        {
            case IrNode.Pick pick:
                Explain(rule.Selections[pick.Selection], rule, rule.Names[pick.Selection], values, view, matches);
                break;

            case IrNode.AtomNode ask:
                var found = new List<(string Field, string Value)>();
                ask.Atom.Explain(view, values, found);
                foreach (var (field, value) in found)
                {
                    var match = new AlertMatch(selection, field, value);
                    if (!matches.Contains(match)) matches.Add(match);
                }

                break;

            default:
                foreach (var part in Parts(node)) Explain(part, rule, selection, values, view, matches);
                break;
        }
    }

    private static bool Holds(IrNode node, RuleIr rule, EventValues values, in EventView view)
    {
        switch (node)
        {
            case IrNode.AtomNode ask:
                return ask.Atom.Evaluate(view, values);

            case IrNode.Pick pick:
                return Holds(rule.Selections[pick.Selection], rule, values, view);

            case IrNode.Not not:
                return !Holds(not.Part, rule, values, view);
        }

        var parts = Parts(node);
        var open = node is IrNode.AtLeast some ? some.Count : node is IrNode.Or ? 1 : parts.Count;
        foreach (var part in parts)
        {
            if (open > 0 && Holds(part, rule, values, view)) open--;
        }

        return open == 0;
    }

    /// <summary>What may hold of a node that holds: nothing of a negation.</summary>
    private static IReadOnlyList<IrNode> Parts(IrNode node) => node switch
    {
        IrNode.And and => and.Parts,
        IrNode.Or or => or.Parts,
        IrNode.AtLeast some => some.Parts,
        _ => [],
    };
}
