namespace Picket.Detection.Sigma.Matching;

/// <summary>Decides about one value that has a text. Immutable and shared by all engines.</summary>
internal abstract class ValueMatcher
{
    /// <summary>Writes what identifies the decision: equal questions of different rules are asked once per event.</summary>
    public abstract void WriteKey(QuestionKey key);

    /// <summary>Literals of which at least one occurs in every value that matches; null when nothing is sure.</summary>
    public abstract IReadOnlyList<Literal>? Necessary { get; }

    /// <summary>Whether it is cheap and never fails: it may be asked of every value, needed or not.</summary>
    public virtual bool IsPlain => true;

    /// <summary>Whether a value matches exactly when it has the one literal of <see cref="Necessary"/>.</summary>
    public virtual bool IsItsLiteral => false;

    /// <summary>Whether the value matches. What is not plain may fail.</summary>
    public abstract bool Matches(in MatchValue value);

    /// <summary>
    /// False only when the value does not match. Never fails; what is not plain may say yes of values that do not match, and is asked again
    /// when a rule depends on it. Called for values that have one of <see cref="Necessary"/>.
    /// </summary>
    public virtual bool MayMatch(in MatchValue value) => Matches(value); // hot
}
