using System.Text;
using Picket.Detection.Events;
using Picket.Detection.Sigma.Ir;
using Picket.Detection.Sigma.Matching;

namespace Picket.Detection.Sigma;

/// <summary>
/// Which files rules about reading could name. Of each rule it is enough to have, for one thing that must hold, the whole name of the
/// file or of a folder above it; a rule that has none asks for everything.
/// </summary>
public static class ReadInterest
{
    /// <summary>What the rules of one category could ask about.</summary>
    public static NameInterest Of(IEnumerable<SigmaRule> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        var bases = new HashSet<string>(StringComparer.Ordinal);
        var folders = new HashSet<string>(StringComparer.Ordinal);
        foreach (var rule in rules)
        {
            if (Names(rule.Ir.Condition, rule.Ir) is not { } names) return NameInterest.All;
            foreach (var (name, isFolder) in names) (isFolder ? folders : bases).Add(name);
        }

        return new NameInterest(false, bases, folders);
    }

    /// <summary>Names of which one must be there when the node holds; null when nothing is sure.</summary>
    private static List<(string Name, bool IsFolder)>? Names(IrNode node, RuleIr rule) => node switch
    {
        IrNode.And and => and.Parts.Select(part => Names(part, rule)).Where(names => names is not null).MinBy(names => names!.Count),
        IrNode.Or or => Union(or.Parts, rule),
        IrNode.AtLeast some => Union(some.Parts, rule),
        IrNode.Pick pick => Names(rule.Selections[pick.Selection], rule),
        IrNode.AtomNode { Atom: var atom } when atom.Field == Fields.TargetFilename => Names(atom.Necessary),
        _ => null,
    };

    private static List<(string Name, bool IsFolder)>? Union(IReadOnlyList<IrNode> parts, RuleIr rule)
    {
        var union = new List<(string, bool)>();
        foreach (var part in parts)
        {
            if (Names(part, rule) is not { } names) return null;
            union.AddRange(names);
        }

        return union;
    }

    private static List<(string Name, bool IsFolder)>? Names(IReadOnlyList<Literal>? literals)
    {
        if (literals is null) return null;
        var names = new List<(string, bool)>();
        foreach (var literal in literals)
        {
            if (NameOf(literal) is not { } name) return null;
            names.Add(name);
        }

        return names;
    }

    private static (string Name, bool IsFolder)? NameOf(Literal literal)
    {
        if (!Ascii.IsValid(literal.Bytes)) return null;
        var parts = Encoding.ASCII.GetString(literal.Bytes).Split('/');
        if (parts.Length < 2) return null;
        if (literal.AtEnd && parts[^1].Length > 0) return (parts[^1], false);

        // A part between two slashes is a whole name; what stands before the first slash or behind the last may go on.
        for (var i = parts.Length - 2; i > 0; i--)
        {
            if (parts[i].Length > 0) return (parts[i], true);
        }

        return null;
    }
}
