namespace Picket.Detection.Sigma.Correlation;

/// <summary>What all correlations of an engine keep, in one budget.</summary>
internal sealed class CorrelationMemory(long budget)
{
    /// <summary>The windows.</summary>
    public BlockPool<Occurrence> Occurrences { get; } = new(0);

    /// <summary>The values of groups.</summary>
    public BlockPool<byte> Keys { get; } = new(4);

    /// <summary>The tables of different values.</summary>
    public BlockPool<CountedValue> Values { get; } = new(2);

    /// <summary>Takes the oldest group of some correlation away; false when none may go.</summary>
    public Func<bool> MakeRoom { get; set; } = static () => false;

    /// <summary>Bytes of groups' contents. What a group itself takes is bounded by the number of groups.</summary>
    public long InUse => Occurrences.InUse + Keys.InUse + Values.InUse;

    /// <summary>Bytes that the pools hold.</summary>
    public long Held => Occurrences.Held + Keys.Held + Values.Held;

    /// <summary>Makes room for so many bytes, at the cost of the oldest groups. The group in hand may go beyond the budget.</summary>
    public void Reserve(long bytes)
    {
        while (InUse + bytes > budget && MakeRoom())
        {
        }
    }
}
