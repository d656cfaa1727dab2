using Picket.Detection.Events;
using Picket.Detection.Sigma.Matching;

namespace Picket.Detection.Sigma.Ir;

/// <summary>Does the event have the fieldId, whatever its value?</summary>
internal sealed class ExistsAtom(FieldId fieldId) : Atom
{
    public override void WriteKey(QuestionKey key)
    {
        key.Add('e');
        key.Add(fieldId.Value);
    }

    public override FieldId Field => fieldId;

    public override bool IsOfValues => true;

    public override bool Evaluate(in EventView view, EventValues values) => // hot
        new ValueCursor(values, view, fieldId).MoveNext(view, out _);

    public override void Explain(in EventView view, EventValues values, List<(string Field, string Value)> found)
    {
        var cursor = new ValueCursor(values, view, fieldId);
        while (cursor.MoveNext(view, out var value)) found.Add((FieldTable.NameOf(fieldId), TextOf(value.Raw)));
    }
}
