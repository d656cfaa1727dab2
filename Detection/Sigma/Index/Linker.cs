using Picket.Detection.Sigma.Ir;
using Picket.Detection.Sigma.Matching;

namespace Picket.Detection.Sigma.Index;

/// <summary>Numbers atoms, equal ones once, and lays rules out flat.</summary>
internal sealed class Linker
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<Atom, int> _known = new(ReferenceEqualityComparer.Instance);
    private readonly QuestionKey _key = new();
    private readonly List<Atom> _atoms = [];

    public Atom[] Atoms => [.. _atoms];

    public RuleProgram Link(RuleIr rule)
    {
        _known.Clear();
        var steps = new List<ProgramStep>();
        var roots = new int[rule.Selections.Count];
        for (var i = 0; i < roots.Length; i++) roots[i] = Add(rule.Selections[i], steps, roots);
        var root = Add(rule.Condition, steps, roots);
        return new RuleProgram([.. steps], root, rule);
    }

    private int Add(IrNode node, List<ProgramStep> steps, int[] roots)
    {
        var step = node switch
        {
            IrNode.AtomNode ask => new ProgramStep(StepKind.Atom, NumberOf(ask.Atom), []),
            IrNode.Not not => new ProgramStep(StepKind.Not, 0, [Add(not.Part, steps, roots)]),
            IrNode.And and => new ProgramStep(StepKind.And, 0, AddAll(and.Parts, steps, roots)),
            IrNode.Or or => new ProgramStep(StepKind.Or, 0, AddAll(or.Parts, steps, roots)),
            IrNode.AtLeast some => new ProgramStep(StepKind.AtLeast, some.Count, AddAll(some.Parts, steps, roots)),
            _ => default,
        };
        if (node is IrNode.Pick pick) return roots[pick.Selection];
        steps.Add(step);
        return steps.Count - 1;
    }

    private int[] AddAll(IReadOnlyList<IrNode> parts, List<ProgramStep> steps, int[] roots)
    {
        var indexes = new int[parts.Count];
        for (var i = 0; i < indexes.Length; i++) indexes[i] = Add(parts[i], steps, roots);
        return indexes;
    }

    /// <summary>The atom's number, given when it is new.</summary>
    public int NumberOf(Atom atom)
    {
        // An atom is asked for by its rule's program and then by its clause.
        if (_known.TryGetValue(atom, out var number)) return number;
        _key.Clear();
        atom.WriteKey(_key);
        var key = _key.ToString();
        if (!_numbers.TryGetValue(key, out number))
        {
            number = _atoms.Count;
            _atoms.Add(atom);
            _numbers[key] = number;
        }

        _known[atom] = number;
        return number;
    }
}
