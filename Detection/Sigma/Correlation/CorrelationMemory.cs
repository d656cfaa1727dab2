namespace Picket.Detection.Sigma.Correlation;

/// <summary>What all correlations of an engine keep, in one budget.</summary>
internal sealed class CorrelationMemory(long budget)
{
    private readonly OccurrencePool[] _occurrences = [new(false, false), new(true, false), new(false, true), new(true, true)];

    /// <summary>The windows of correlations that ask for values, or not, and that name several rules, or one.</summary>
    public OccurrencePool Occurrences(bool hasValues, bool hasSources) => _occurrences[(hasValues ? 1 : 0) + (hasSources ? 2 : 0)];

    /// <summary>The values of groups.</summary>
    public BlockPool<byte> Keys { get; } = new(4);

    /// <summary>The tables of different values.</summary>
    public BlockPool<CountedValue> Values { get; } = new(2);

    /// <summary>Takes the oldest group of some correlation away; false when none may go.</summary>
    public Func<bool> MakeRoom { get; set; } = static () => false;

    /// <summary>Bytes of groups' contents. What a group itself takes is bounded by the number of groups.</summary>
    public long InUse => _occurrences[0].InUse + _occurrences[1].InUse + _occurrences[2].InUse + _occurrences[3].InUse
        + Keys.InUse + Values.InUse;

    /// <summary>Bytes that the pools hold.</summary>
    public long Held => _occurrences.Sum(pool => pool.Held) + Keys.Held + Values.Held;

    /// <summary>Makes room for so many bytes, at the cost of the oldest groups. The group in hand may go beyond the budget.</summary>
    public void Reserve(long bytes)
    {
        while (InUse + bytes > budget && MakeRoom())
        {
        }
    }
}
