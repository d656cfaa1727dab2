namespace Picket.Detection.Sigma.Correlation;

/// <summary>event_count: the number of occurrences, which the group knows.</summary>
internal sealed class EventTally(Criteria criteria) : Tally
{
    public override long BytesPerGroup => 0;

    public override void Grow(int groups)
    {
    }

    public override void Clear(int group)
    {
    }

    public override void Add(int group, in Occurrence occurrence) // hot
    {
    }

    public override void Remove(int group, in Occurrence occurrence) // hot
    {
    }

    public override bool Holds(int group, int count, long after) => criteria.HoldsFor(count); // hot

    public override double AmountOf(ReadOnlySpan<Occurrence> window) => window.Length;
}
