using Picket.Detection.Events;
using Picket.Detection.Sigma.Ir;
using Picket.Detection.Sigma.Matching;

namespace Picket.Detection.Sigma.Index;

/// <summary>Collects what is asked of one field.</summary>
/// <param name="asked">The field.</param>
/// <param name="keep">Literals that it does not want are left out: how tests plant a defect. Null keeps all.</param>
internal sealed class FieldPlanBuilder(FieldId asked, Predicate<IndexLiteral>? keep)
{
    private readonly Dictionary<(string Bytes, bool AtStart, bool AtEnd), int> _numbers = [];

    public FieldId Field => asked;

    public List<Literal> Literals { get; } = [];

    public List<List<MarkTarget>> Targets { get; } = [];

    public List<MarkTarget> Questions { get; } = [];

    public List<int> OfText { get; } = [];

    public List<int> OfNull { get; } = [];

    public List<int> OfObject { get; } = [];

    public List<int> OfAbsence { get; } = [];

    public void Add(int number, Atom atom)
    {
        if (!atom.IsMarked) return;
        switch (atom)
        {
            case NullAtom:
                OfNull.Add(number);
                OfAbsence.Add(number);
                break;

            case ExistsAtom:
                OfNull.Add(number);
                OfObject.Add(number);
                OfText.Add(number);
                break;

            case ValueAtom value:
                Add(number, value.Matcher);
                break;

            case KeywordAtom keyword:
                Add(number, keyword.Matcher);
                break;
        }
    }

    private void Add(int number, ValueMatcher matcher)
    {
        switch (matcher)
        {
            case AnyOfMatcher some:
                foreach (var part in some.Parts) Add(number, part);
                break;

            case AnyTextMatcher:
                OfText.Add(number);
                break;

            default:
                if (matcher.Necessary is not { } literals) Questions.Add(new MarkTarget(number, matcher));
                else foreach (var literal in literals) Add(literal, new MarkTarget(number, matcher.IsItsLiteral ? null : matcher));
                break;
        }
    }

    private void Add(Literal literal, MarkTarget target)
    {
        if (keep is not null && !keep(new IndexLiteral(asked, literal))) return;
        var key = (Convert.ToHexString(literal.Bytes), literal.AtStart, literal.AtEnd);
        if (!_numbers.TryGetValue(key, out var number))
        {
            _numbers[key] = number = Literals.Count;
            Literals.Add(literal);
            Targets.Add([]);
        }

        Targets[number].Add(target);
    }
}
