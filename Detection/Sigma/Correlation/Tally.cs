namespace Picket.Detection.Sigma.Correlation;

/// <summary>
/// What a correlation knows of a window, kept up to date as occurrences enter and leave it: nothing is counted again. Its state lies in
/// arrays by the group's number.
/// </summary>
internal abstract class Tally
{
    /// <summary>
    /// Whether occurrences can leave in any order and come back; else the window is gone through again when one comes late.
    /// </summary>
    public virtual bool IsReversible => true;

    /// <summary>Bytes of state for each group beside its occurrences.</summary>
    public abstract long BytesPerGroup { get; }

    /// <summary>Makes room for groups of lower numbers than this.</summary>
    public abstract void Grow(int groups);

    /// <summary>Forgets a group's window.</summary>
    public abstract void Clear(int group);

    /// <summary>An occurrence enters a group's window.</summary>
    public abstract void Add(int group, in Occurrence occurrence);

    /// <summary>An occurrence leaves a group's window.</summary>
    public abstract void Remove(int group, in Occurrence occurrence);

    /// <summary>Whether the condition holds for a group's window.</summary>
    /// <param name="group">The group's number.</param>
    /// <param name="count">Occurrences in the window.</param>
    /// <param name="after">The window is later than this.</param>
    public abstract bool Holds(int group, int count, long after);

    /// <summary>What the condition compares, of a window as it is when the rule fires.</summary>
    public abstract double AmountOf(ReadOnlySpan<Occurrence> window);

    /// <summary>The occurrences of a window that an alert names.</summary>
    public virtual ReadOnlySpan<Occurrence> Witnesses(ReadOnlySpan<Occurrence> window) => window;
}
