using System.Numerics;
using Picket.Detection.Sigma.Ir;
using Picket.Detection.Sigma.Matching;

namespace Picket.Detection.Sigma.Index;

/// <summary>
/// What the index knows of a rule: literals of which at least one occurs in every event that it matches. A rule without a
/// clause is a candidate for every event. The index may offer too many rules, never too few.
/// </summary>
internal static class Clause
{
    /// <summary>The most selective clause of <paramref name="rule"/>; null when nothing is necessary.</summary>
    public static IReadOnlyList<IndexLiteral>? Of(RuleIr rule) => Of(rule.Condition, rule);

    private static IReadOnlyList<IndexLiteral>? Of(IrNode node, RuleIr rule)
    {
        switch (node)
        {
            case IrNode.AtomNode ask:
                return ask.Atom.Necessary?.Select(literal => new IndexLiteral(ask.Atom.Field, literal)).ToArray();

            case IrNode.Pick pick:
                return Of(rule.Selections[pick.Selection], rule);

            case IrNode.And and:
                return Union(and.Parts, rule, 1);

            case IrNode.Or or:
                return Union(or.Parts, rule, or.Parts.Count);

            case IrNode.AtLeast some:
                // Of k parts n hold: among any k - n + 1 of them one does.
                return Union(some.Parts, rule, some.Parts.Count - some.Count + 1);

            default:
                return null;
        }
    }

    private static List<IndexLiteral>? Union(IReadOnlyList<IrNode> parts, RuleIr rule, int needed)
    {
        var clauses = new List<IReadOnlyList<IndexLiteral>>(parts.Count);
        foreach (var part in parts)
        {
            if (Of(part, rule) is { } clause) clauses.Add(clause);
        }

        if (clauses.Count < needed) return null;
        clauses.Sort(static (left, right) => Worth(right).CompareTo(Worth(left)));
        var union = new List<IndexLiteral>();
        for (var i = 0; i < needed; i++) union.AddRange(clauses[i]);
        return union;
    }

    /// <summary>Long literals are rare, whole values rarer; each further alternative makes a hit likelier.</summary>
    private static int Worth(IReadOnlyList<IndexLiteral> clause)
    {
        var least = int.MaxValue;
        foreach (var (_, literal) in clause) least = Math.Min(least, Worth(literal));
        return least - BitOperations.Log2((uint)clause.Count);
    }

    private static int Worth(Literal literal)
    {
        var length = Math.Min(literal.Bytes.Length, 24) * 2;
        return length + (literal.AtStart && literal.AtEnd ? 6 : literal.AtEnd ? 1 : 0);
    }
}
