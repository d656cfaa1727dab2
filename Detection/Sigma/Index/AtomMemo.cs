using System.Runtime.ExceptionServices;
using Picket.Detection.Events;
using Picket.Detection.Sigma.Ir;
using Picket.Detection.Sigma.Matching;

namespace Picket.Detection.Sigma.Index;

/// <summary>
/// The answers of one event's atoms, each found at most once; also that an atom failed, so that a slow failure is paid once.
/// </summary>
internal sealed class AtomMemo
{
    private const byte No = 0;
    private const byte Yes = 1;
    private const byte Failed = 2;

    private readonly Atom[] _atoms;
    private readonly int[] _epochs;
    private readonly byte[] _answers;
    private readonly Dictionary<int, ExceptionDispatchInfo> _failures = [];
    private int _epoch;

    public AtomMemo(Atom[] atoms)
    {
        _atoms = atoms;
        _epochs = new int[atoms.Length];
        _answers = new byte[atoms.Length];
    }

    public EventValues Values { get; } = new();

    /// <summary>Turns to an event.</summary>
    public void Begin(in EventView view) // hot
    {
        _epoch++;
        Values.Begin(view);
        if (_failures.Count > 0) _failures.Clear();
    }

    /// <summary>The rule's answer.</summary>
    public bool Run(RuleProgram program, in EventView view) => Run(program.Steps, program.Root, view); // hot

    private bool Run(ProgramStep[] steps, int at, in EventView view) // hot
    {
        ref readonly var step = ref steps[at];
        switch (step.Kind)
        {
            case StepKind.Atom:
                return Answer(step.Number, view);

            case StepKind.Not:
                return !Run(steps, step.Parts[0], view);

            case StepKind.And:
                foreach (var part in step.Parts)
                {
                    if (!Run(steps, part, view)) return false;
                }

                return true;

            case StepKind.Or:
                foreach (var part in step.Parts)
                {
                    if (Run(steps, part, view)) return true;
                }

                return false;

            default:
                var open = step.Number;
                foreach (var part in step.Parts)
                {
                    if (Run(steps, part, view) && --open == 0) return true;
                }

                return false;
        }
    }

    private bool Answer(int atom, in EventView view) // hot
    {
        if (_epochs[atom] == _epoch)
        {
            if (_answers[atom] == Failed) _failures[atom].Throw();
            return _answers[atom] == Yes;
        }

        _answers[atom] = Failed;
        _epochs[atom] = _epoch;
        bool answer;
        try
        {
            answer = _atoms[atom].Evaluate(view, Values);
        }
        catch (Exception failure)
        {
            _failures[atom] = ExceptionDispatchInfo.Capture(failure);
            throw;
        }

        _answers[atom] = answer ? Yes : No;
        return answer;
    }
}
