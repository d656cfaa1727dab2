namespace Picket.Detection.Sigma.Matching;

/// <summary>Decides about one value that has a text. Immutable and shared by all engines.</summary>
internal abstract class ValueMatcher
{
    /// <summary>Equal keys mean equal decisions: equal questions of different rules are asked once per event.</summary>
    public abstract string Key { get; }

    /// <summary>Literals of which at least one occurs in every value that matches; null when nothing is sure.</summary>
    public abstract IReadOnlyList<Literal>? Necessary { get; }

    /// <summary>Whether it is cheap and never fails: it may be asked of every value, needed or not.</summary>
    public virtual bool IsPlain => true;

    /// <summary>Whether a value matches exactly when it has the one literal of <see cref="Necessary"/>.</summary>
    public virtual bool IsItsLiteral => false;

    public abstract bool Matches(in MatchValue value);
}
