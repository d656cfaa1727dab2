using System.Numerics;
using Picket.Detection.Sigma.Ir;
using Picket.Detection.Sigma.Matching;

namespace Picket.Detection.Sigma.Index;

/// <summary>
/// What the index knows of a rule: atoms of which at least one is marked in every event that the rule matches. A rule without a clause is a
/// candidate for every event. The index may offer too many rules, never too few.
/// </summary>
internal sealed class Clause
{
    /// <summary>A number, a network or a null is seldom what makes a rule special.</summary>
    private const int WorthWithoutLiteral = 4;

    private readonly Func<Atom, int> _numberOf;
    private readonly RuleIr _rule;

    private Clause(RuleIr rule, Func<Atom, int> numberOf)
    {
        _rule = rule;
        _numberOf = numberOf;
    }

    /// <summary>The most selective clause of <paramref name="rule"/>, as the atoms' numbers; null when nothing is necessary.</summary>
    public static IReadOnlyList<int>? Of(RuleIr rule, Func<Atom, int> numberOf) => new Clause(rule, numberOf).Of(rule.Condition)?.Atoms;

    private Choice? Of(IrNode node) => node switch
    {
        IrNode.AtomNode ask => Of(ask.Atom),
        IrNode.Pick pick => Of(_rule.Selections[pick.Selection]),
        IrNode.And and => Union(and.Parts, 1),
        IrNode.Or or => Union(or.Parts, or.Parts.Count),

        // Of k parts n hold: among any k - n + 1 of them one does.
        IrNode.AtLeast some => Union(some.Parts, some.Parts.Count - some.Count + 1),
        _ => null,
    };

    private Choice? Of(Atom atom) => atom.Necessary is { } literals
        ? new Choice([_numberOf(atom)], Worth(literals))
        : atom.IsMarked ? new Choice([_numberOf(atom)], atom.IsOfValues ? WorthWithoutLiteral : 0) : null;

    private Choice? Union(IReadOnlyList<IrNode> parts, int needed)
    {
        var choices = new List<Choice>(parts.Count);
        foreach (var part in parts)
        {
            if (Of(part) is { } choice) choices.Add(choice);
        }

        if (choices.Count < needed) return null;
        choices.Sort(static (left, right) => right.Worth.CompareTo(left.Worth));
        if (needed == 1) return choices[0];
        var atoms = new List<int>();
        var least = int.MaxValue;
        for (var i = 0; i < needed; i++)
        {
            atoms.AddRange(choices[i].Atoms);
            least = Math.Min(least, choices[i].Worth);
        }

        return new Choice(atoms, least - BitOperations.Log2((uint)Math.Max(1, needed)));
    }

    /// <summary>Long literals are rare, whole values rarer; each further alternative makes a hit likelier.</summary>
    private static int Worth(IReadOnlyList<Literal> literals)
    {
        var least = int.MaxValue;
        foreach (var literal in literals) least = Math.Min(least, Worth(literal));
        return literals.Count == 0 ? int.MaxValue : least - BitOperations.Log2((uint)literals.Count);
    }

    private static int Worth(Literal literal)
    {
        var length = Math.Min(literal.Bytes.Length, 24) * 2;
        return length + (literal.AtStart && literal.AtEnd ? 6 : literal.AtEnd ? 1 : 0);
    }

    private sealed record Choice(IReadOnlyList<int> Atoms, int Worth);
}
