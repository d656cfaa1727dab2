using Picket.Detection.Events;
using Picket.Detection.Sigma.Matching;

namespace Picket.Detection.Sigma.Ir;

/// <summary>Does any value of the record match, whatever its field?</summary>
internal sealed class KeywordAtom(ValueMatcher matcher) : Atom
{
    public override void WriteKey(QuestionKey key)
    {
        key.Add('k');
        matcher.WriteKey(key);
    }

    public override FieldId Field => FieldId.Unnamed;

    public override IReadOnlyList<Literal>? Necessary => matcher.Necessary;

    public ValueMatcher Matcher => matcher;

    public override bool IsOfValues => matcher.IsPlain;

    public override bool IsMarked => true;

    public override bool Evaluate(in EventView view, EventValues values) // hot
    {
        var entries = view.Entries;
        for (var i = 0; i < entries.Length; i++)
        {
            var value = new MatchValue(values, i, view.ValueOf(entries[i]));
            if (value.HasText && matcher.Matches(value)) return true;
        }

        return false;
    }

    public override void Explain(in EventView view, EventValues values, List<(string Field, string Value)> found)
    {
        var entries = view.Entries;
        for (var i = 0; i < entries.Length; i++)
        {
            var value = new MatchValue(values, i, view.ValueOf(entries[i]));
            if (value.HasText && matcher.Matches(value)) found.Add(("", TextOf(value.Raw)));
        }
    }
}
