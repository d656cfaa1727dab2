namespace Picket.Detection.Sigma.Ir;

/// <summary>What must be there for a condition to hold, followed from its top down to its atoms.</summary>
internal static class Necessity
{
    /// <summary>Things of which one at least is there when the node holds; empty when it cannot hold, null when nothing is sure.</summary>
    /// <param name="node">The condition, or a part of it.</param>
    /// <param name="rule">The rule that it is of.</param>
    /// <param name="ofAtom">The same for one question to the event.</param>
    public static IReadOnlyList<T>? Of<T>(IrNode node, RuleIr rule, Func<Atom, IReadOnlyList<T>?> ofAtom) => node switch
    {
        IrNode.And and => Smallest(and.Parts, rule, ofAtom),
        IrNode.Or or => Union(or.Parts, rule, ofAtom),
        IrNode.AtLeast some => Union(some.Parts, rule, ofAtom),
        IrNode.Pick pick => Of(rule.Selections[pick.Selection], rule, ofAtom),
        IrNode.AtomNode { Atom: var atom } => ofAtom(atom),
        _ => null,
    };

    private static IReadOnlyList<T>? Smallest<T>(IReadOnlyList<IrNode> parts, RuleIr rule, Func<Atom, IReadOnlyList<T>?> ofAtom) =>
        parts.Select(part => Of(part, rule, ofAtom)).Where(part => part is not null).MinBy(part => part!.Count);

    private static List<T>? Union<T>(IReadOnlyList<IrNode> parts, RuleIr rule, Func<Atom, IReadOnlyList<T>?> ofAtom)
    {
        var union = new List<T>();
        foreach (var part in parts)
        {
            if (Of(part, rule, ofAtom) is not { } found) return null;
            union.AddRange(found);
        }

        return union;
    }
}
