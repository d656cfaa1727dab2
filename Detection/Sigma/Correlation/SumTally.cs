namespace Picket.Detection.Sigma.Correlation;

/// <summary>value_sum and value_avg: an exact sum.</summary>
/// <param name="criteria">The condition.</param>
/// <param name="isAverage">Whether it is about the average.</param>
internal sealed class SumTally(Criteria criteria, bool isAverage) : Tally
{
    private Int128[] _sums = [];

    public override long BytesPerGroup => 16;

    public override void Grow(int groups) => Array.Resize(ref _sums, groups);

    public override void Clear(int group) => _sums[group] = 0;

    public override void Add(int group, in Occurrence occurrence) => _sums[group] += Criteria.ToScaled(occurrence.Number); // hot

    public override void Remove(int group, in Occurrence occurrence) => _sums[group] -= Criteria.ToScaled(occurrence.Number); // hot

    public override bool Holds(int group, int count, long after) => // hot
        criteria.HoldsFor(_sums[group], isAverage ? count : 1);

    public override double AmountOf(ReadOnlySpan<Occurrence> window)
    {
        Int128 sum = 0;
        foreach (ref readonly var occurrence in window) sum += Criteria.ToScaled(occurrence.Number);
        return Criteria.FromScaled(sum) / (isAverage ? window.Length : 1);
    }
}
