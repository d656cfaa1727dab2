using Picket.Detection.Events;
using Picket.Detection.Sigma.Matching;

namespace Picket.Detection.Sigma.Ir;

/// <summary>One question to an event. Immutable; equal keys mean equal answers.</summary>
internal abstract class Atom
{
    /// <summary>Writes what identifies the question.</summary>
    public abstract void WriteKey(QuestionKey key);

    /// <summary>The field asked for; <see cref="FieldId.Unnamed"/> when the whole event is searched.</summary>
    public abstract FieldId Field { get; }

    /// <summary>Literals of which at least one occurs in the field whenever the answer is yes; null when nothing is sure.</summary>
    public virtual IReadOnlyList<Literal>? Necessary => null;

    /// <summary>
    /// Whether the answer is yes exactly when one of the field's values makes it so by itself (or the field's absence does), and asking is
    /// cheap and never fails.
    /// </summary>
    public abstract bool IsOfValues { get; }

    /// <summary>
    /// Whether some value of the field (or the field's absence) shows by itself that the answer may be yes: where none does, it is no.
    /// </summary>
    public virtual bool IsMarked => IsOfValues;

    public abstract bool Evaluate(in EventView view, EventValues values);

    /// <summary>Adds the values that make the answer yes, as text; called only when it is.</summary>
    public virtual void Explain(in EventView view, EventValues values, List<(string Field, string Value)> found)
    {
    }

    protected static string TextOf(ReadOnlySpan<byte> raw) => System.Text.Encoding.UTF8.GetString(raw);
}
