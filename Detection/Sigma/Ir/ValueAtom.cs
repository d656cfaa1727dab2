using Picket.Detection.Events;
using Picket.Detection.Sigma.Matching;

namespace Picket.Detection.Sigma.Ir;

/// <summary>Does a value of the field match (or, with <c>[all]</c>, does each of at least one)?</summary>
internal sealed class ValueAtom(FieldId fieldId, bool every, ValueMatcher matcher) : Atom
{
    public override void WriteKey(QuestionKey key)
    {
        key.Add('v');
        key.Add(fieldId.Value);
        key.Add(every);
        matcher.WriteKey(key);
    }

    public override FieldId Field => fieldId;

    public override IReadOnlyList<Literal>? Necessary => matcher.Necessary;

    public ValueMatcher Matcher => matcher;

    public override bool IsOfValues => !every && matcher.IsPlain;

    public override bool IsMarked => true;

    public override bool Evaluate(in EventView view, EventValues values) // hot
    {
        var cursor = new ValueCursor(values, view, fieldId);
        var some = false;
        while (cursor.MoveNext(view, out var value))
        {
            var matches = value.HasText && matcher.Matches(value);
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
            if (value.HasText && matcher.Matches(value)) found.Add((FieldTable.NameOf(fieldId), TextOf(value.Raw)));
        }
    }
}
