using Picket.Detection.Events;
using Picket.Detection.Sigma.Literals;
using Picket.Detection.Sigma.Matching;

namespace Picket.Detection.Sigma.Index;

/// <summary>
/// Everything that the rules of a route ask of one field. A value is read once and leaves marks: the atoms that hold for it, and of those
/// that are asked later the ones that may hold. No mark means no. Immutable, shared by all engines.
/// </summary>
internal sealed class FieldPlan
{
    private readonly LiteralSet _literals;
    private readonly int[] _firstTarget;
    private readonly MarkTarget[] _targets;
    private readonly MarkTarget[] _questions;
    private readonly int[] _ofText;
    private readonly int[] _ofNull;
    private readonly int[] _ofObject;
    private readonly int[] _ofAbsence;

    /// <param name="from">What is asked.</param>
    /// <param name="deciding">Keywords of which none is worth being looked for when none of these is there, by number.</param>
    internal FieldPlan(FieldPlanBuilder from, IReadOnlySet<int> deciding)
    {
        Field = from.Field;
        _literals = new LiteralSet(from.Literals);
        Records = Field == FieldId.Unnamed ? FilterOf(from, deciding) : null;
        _firstTarget = new int[from.Literals.Count + 1];
        for (var i = 0; i < from.Literals.Count; i++) _firstTarget[i + 1] = _firstTarget[i] + from.Targets[i].Count;
        _targets = [.. from.Targets.SelectMany(targets => targets)];
        _questions = [.. from.Questions];
        _ofText = [.. from.OfText];
        _ofNull = [.. from.OfNull];
        _ofObject = [.. from.OfObject];
        _ofAbsence = [.. from.OfAbsence];
    }

    /// <summary>The field; <see cref="FieldId.Unnamed"/> for keywords, which are asked of every value of the record.</summary>
    public FieldId Field { get; }

    /// <summary>Of keywords: says of most records that none of their values leaves a mark; null where nothing can.</summary>
    public RecordFilter? Records { get; }

    /// <summary>The marks of an event that does not have the field.</summary>
    public ReadOnlySpan<int> OfAbsence => _ofAbsence;

    /// <summary>The marks of a value that is null.</summary>
    public ReadOnlySpan<int> OfNull => _ofNull;

    /// <summary>The marks of an object, of which only that it is there is known.</summary>
    public ReadOnlySpan<int> OfObject => _ofObject;

    /// <summary>Adds the marks of a value that has a text.</summary>
    /// <param name="value">The value.</param>
    /// <param name="hits">Scratch.</param>
    /// <param name="marks">Gets the atoms' numbers.</param>
    public void Mark(in MatchValue value, LiteralHits hits, NumberSet marks) // hot
    {
        foreach (var atom in _ofText) marks.Add(atom);
        if (_literals.Count > 0)
        {
            _literals.Scan(value.Folded, hits);
            foreach (var literal in hits.Take())
            {
                for (var i = _firstTarget[literal]; i < _firstTarget[literal + 1]; i++) Ask(_targets[i], value, marks);
            }
        }

        foreach (ref readonly var question in _questions.AsSpan()) Ask(question, value, marks);
    }

    private static RecordFilter? FilterOf(FieldPlanBuilder from, IReadOnlySet<int> deciding)
    {
        if (from.OfText.Exists(deciding.Contains) || from.Questions.Exists(question => deciding.Contains(question.Atom))) return null;
        var some = from.Literals.Where((_, number) => from.Targets[number].Exists(target => deciding.Contains(target.Atom)));
        return RecordFilter.Of([.. some.Select(literal => literal.Bytes)]);
    }

    private static void Ask(in MarkTarget target, in MatchValue value, NumberSet marks) // hot
    {
        if (marks.Has(target.Atom) || (target.Matcher is { } matcher && !matcher.MayMatch(value))) return;
        marks.Add(target.Atom);
    }
}
