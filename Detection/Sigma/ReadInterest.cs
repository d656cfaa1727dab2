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
    private static readonly FieldId Name = FieldTable.Intern("name");

    /// <summary>What rules could ask about.</summary>
    /// <param name="rules">Those of the category <c>file_access</c>.</param>
    /// <param name="audit">
    /// Those for auditd, whose records of type PATH name files that are read. One that names no file whole asks for none: auditd itself
    /// would have to be told which to watch, and every read of the host is more than anybody does.
    /// </param>
    public static NameInterest Of(IEnumerable<SigmaRule> rules, IEnumerable<SigmaRule> audit)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(audit);
        var bases = new HashSet<string>(StringComparer.Ordinal);
        var folders = new HashSet<string>(StringComparer.Ordinal);
        foreach (var rule in rules)
        {
            if (Names(rule.Ir.Condition, rule.Ir) is not { } names) return NameInterest.All;
            Add(names);
        }

        foreach (var rule in audit)
        {
            foreach (var part in Alternatives(rule.Ir.Condition, rule.Ir)) Add(Names(part, rule.Ir) ?? []);
        }

        return new NameInterest(false, bases, folders);

        void Add(IReadOnlyList<(string Name, bool IsFolder)> names)
        {
            foreach (var (name, isFolder) in names) (isFolder ? folders : bases).Add(name);
        }
    }

    /// <summary>The ways in which a condition can hold, as far as they stand side by side at its top.</summary>
    private static IEnumerable<IrNode> Alternatives(IrNode node, RuleIr rule) => node switch
    {
        IrNode.Or or => or.Parts.SelectMany(part => Alternatives(part, rule)),
        IrNode.AtLeast some => some.Parts.SelectMany(part => Alternatives(part, rule)),
        IrNode.Pick pick => Alternatives(rule.Selections[pick.Selection], rule),
        _ => [node],
    };

    private static IReadOnlyList<(string Name, bool IsFolder)>? Names(IrNode node, RuleIr rule) => Necessity.Of(node, rule, NamesOf);

    private static IReadOnlyList<(string Name, bool IsFolder)>? NamesOf(Atom atom)
    {
        if (atom.Field == Fields.TargetFilename || atom.Field == Name) return Names(atom.Necessary);

        // A record of another type names no file that is read.
        return NamedPaths.ExcludesPaths(atom) ? [] : null;
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
