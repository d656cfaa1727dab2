using Picket.Detection.Events;
using Picket.Detection.Sigma.Matching;

namespace Picket.Detection.Sigma.Ir;

/// <summary>Is the field absent, or one of its values null (with <c>[all]</c>: each)?</summary>
internal sealed class NullAtom(FieldId fieldId, bool every) : Atom
{
    public override void WriteKey(QuestionKey key)
    {
        key.Add('0');
        key.Add(fieldId.Value);
        key.Add(every);
    }

    public override FieldId Field => fieldId;

    public override bool IsOfValues => !every;

    public override bool Evaluate(in EventView view, EventValues values) // hot
    {
        var cursor = new ValueCursor(values, view, fieldId);
        var some = false;
        while (cursor.MoveNext(view, out var value))
        {
            var isNull = value.Kind == FieldKind.Null;
            if (isNull != every) return isNull;
            some = true;
        }

        return every || !some;
    }

    public override void Explain(in EventView view, EventValues values, List<(string Field, string Value)> found) =>
        found.Add((FieldTable.NameOf(fieldId), "null"));
}
