using Picket.Detection.Events;
using Picket.Detection.Sigma.Index;
using Picket.Detection.Sigma.Ir;
using Picket.Detection.Sigma.Matching;

namespace Picket.Detection.Sigma;

/// <summary>The literals that rules for auditd ask of the <c>name</c> of a record of type PATH.</summary>
internal sealed class NamedPaths : PathFilter
{
    private const int OnStack = 1024;

    private static readonly FieldId Name = FieldTable.Intern("name"), Type = FieldTable.Intern("type");

    private readonly LiteralAutomaton _literals;

    private NamedPaths(LiteralAutomaton literals) => _literals = literals;

    /// <summary>The filter for rules of which each could match such a record; null when one of them could whatever the name is.</summary>
    public static NamedPaths? Of(IEnumerable<SigmaRule> rules)
    {
        var builder = new LiteralAutomaton.Builder();
        foreach (var rule in rules)
        {
            if (Needed(rule.Ir.Condition, rule.Ir) is not { } literals) return null;
            foreach (var literal in literals) builder.Add(new IndexLiteral(Name, literal), 0);
        }

        return new NamedPaths(builder.Build());
    }

    /// <inheritdoc/>
    public override bool MayBeAsked(ReadOnlySpan<byte> path) // hot
    {
        var room = CaseFold.MaxLength(path.Length);
        Span<byte> folded = room <= OnStack ? stackalloc byte[OnStack] : new byte[room];
        Span<ulong> found = [0];
        _literals.Scan(folded[..CaseFold.Fold(path, folded)], found);
        return found[0] != 0;
    }

    /// <summary>Literals of which one is in the name when the node holds for a record of type PATH; null when none need be.</summary>
    private static IReadOnlyList<Literal>? Needed(IrNode node, RuleIr rule) => node switch
    {
        IrNode.And and => and.Parts.Select(part => Needed(part, rule)).Where(part => part is not null).MinBy(part => part!.Count),
        IrNode.Or or => Union(or.Parts, rule),
        IrNode.AtLeast some => Union(some.Parts, rule),
        IrNode.Pick pick => Needed(rule.Selections[pick.Selection], rule),
        IrNode.AtomNode { Atom: var atom } when atom.Field == Name => atom.Necessary,
        IrNode.AtomNode { Atom: var atom } when atom.Field == Type && !MayBePath(atom.Necessary) => [],
        _ => null,
    };

    private static List<Literal>? Union(IReadOnlyList<IrNode> parts, RuleIr rule)
    {
        var union = new List<Literal>();
        foreach (var part in parts)
        {
            if (Needed(part, rule) is not { } literals) return null;
            union.AddRange(literals);
        }

        return union;
    }

    private static bool MayBePath(IReadOnlyList<Literal>? literals) => literals is null
        || literals.Any(literal => !literal.AtStart || !literal.AtEnd || literal.Bytes.AsSpan().SequenceEqual("path"u8));
}
