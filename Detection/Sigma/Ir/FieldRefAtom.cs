using Picket.Detection.Events;
using Picket.Detection.Sigma.Matching;

namespace Picket.Detection.Sigma.Ir;

/// <summary>Does a value of the field equal (start with, end with, contain) a value of another field?</summary>
internal sealed class FieldRefAtom(FieldId fieldId, FieldId other, bool every, bool atStart, bool atEnd, bool cased) : Atom
{
    public override void WriteKey(QuestionKey key)
    {
        key.Add('f');
        key.Add(fieldId.Value);
        key.Add(other.Value);
        key.Add(every);
        key.Add(atStart);
        key.Add(atEnd);
        key.Add(cased);
    }

    public override FieldId Field => fieldId;

    /// <summary>The field that the first one is compared with.</summary>
    public FieldId Other => other;

    public override bool IsOfValues => false;

    public override bool Evaluate(in EventView view, EventValues values) // hot
    {
        var cursor = new ValueCursor(values, view, fieldId);
        var some = false;
        while (cursor.MoveNext(view, out var value))
        {
            var matches = value.HasText && MatchesOther(view, values, value);
            if (matches != every) return matches;
            some = true;
        }

        return every && some;
    }

    public override void Explain(in EventView view, EventValues values, List<(string Field, string Value)> found)
    {
        var cursor = new ValueCursor(values, view, fieldId);
        while (cursor.MoveNext(view, out var value))
        {
            if (value.HasText && MatchesOther(view, values, value)) found.Add((FieldTable.NameOf(fieldId), TextOf(value.Raw)));
        }
    }

    private bool MatchesOther(in EventView view, EventValues values, in MatchValue value) // hot
    {
        var text = cased ? value.Raw : value.Folded;
        var cursor = new ValueCursor(values, view, other);
        while (cursor.MoveNext(view, out var candidate))
        {
            if (!candidate.HasText) continue;
            var wanted = cased ? candidate.Raw : candidate.Folded;
            var holds = atStart
                ? atEnd ? text.SequenceEqual(wanted) : text.StartsWith(wanted)
                : atEnd ? text.EndsWith(wanted) : text.IndexOf(wanted) >= 0;
            if (holds) return true;
        }

        return false;
    }
}
