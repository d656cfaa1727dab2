using Picket.Detection.Events;
using Picket.Detection.Sigma.Ir;
using Picket.Detection.Sigma.Literals;
using Picket.Detection.Sigma.Matching;

namespace Picket.Detection.Sigma;

/// <summary>The literals that rules for auditd ask of the <c>name</c> of a record of type PATH.</summary>
internal sealed class NamedPaths : PathFilter
{
    private const int OnStack = 1024;

    private static readonly FieldId Name = FieldTable.Intern("name"), Type = FieldTable.Intern("type");

    [ThreadStatic]
    private static LiteralHits? _found;

    private readonly LiteralSet _literals;

    private NamedPaths(LiteralSet literals) => _literals = literals;

    /// <summary>The filter for rules of which each could match such a record; null when one of them could whatever the name is.</summary>
    public static NamedPaths? Of(IEnumerable<SigmaRule> rules)
    {
        var found = new List<Literal>();
        foreach (var rule in rules)
        {
            if (Necessity.Of(rule.Ir.Condition, rule.Ir, Needed) is not { } literals) return null;
            found.AddRange(literals);
        }

        return new NamedPaths(new LiteralSet(found));
    }

    /// <inheritdoc/>
    public override bool MayBeAsked(ReadOnlySpan<byte> path) // hot
    {
        var room = CaseFold.MaxLength(path.Length);
        Span<byte> folded = room <= OnStack ? stackalloc byte[OnStack] : new byte[room];
        var found = _found ??= new LiteralHits();
        _literals.Scan(folded[..CaseFold.Fold(path, folded)], found);
        return found.Take().Length > 0;
    }

    /// <summary>Whether an atom asks for records of other types only.</summary>
    internal static bool ExcludesPaths(Atom atom) => atom.Field == Type && atom.Necessary is { } literals
        && literals.All(literal => literal.AtStart && literal.AtEnd && !literal.Bytes.AsSpan().SequenceEqual("path"u8));

    private static IReadOnlyList<Literal>? Needed(Atom atom) =>
        atom.Field == Name ? atom.Necessary : ExcludesPaths(atom) ? [] : null;
}
