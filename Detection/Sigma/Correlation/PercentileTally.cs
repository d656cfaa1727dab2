namespace Picket.Detection.Sigma.Correlation;

/// <summary>
/// value_percentile: the value that so many percent of all are not above (nearest rank), so always one that was observed. How it compares
/// with a threshold is known from how many values are below that and how many are not above it: no value needs its place in an order.
/// </summary>
/// <param name="criteria">The condition.</param>
/// <param name="percentile">Which percentile, 0 to 100; three decimals count.</param>
internal sealed class PercentileTally(Criteria criteria, double percentile) : Tally
{
    private const long Whole = 100_000;

    private readonly long _share = (long)Math.Round(percentile * (Whole / 100));
    private readonly int _stride = 2 * criteria.Count;
    private int[] _counters = [];

    public override long BytesPerGroup => _stride * sizeof(int);

    public override void Grow(int groups) => Array.Resize(ref _counters, groups * _stride);

    public override void Clear(int group) => _counters.AsSpan(group * _stride, _stride).Clear();

    public override void Add(int group, in Occurrence occurrence) => Count(group, occurrence.Number, 1); // hot

    public override void Remove(int group, in Occurrence occurrence) => Count(group, occurrence.Number, -1); // hot

    public override bool Holds(int group, int count, long after) => // hot
        criteria.HoldsForRank(_counters.AsSpan(group * _stride, _stride), RankOf(count));

    public override double AmountOf(ReadOnlySpan<Occurrence> window)
    {
        var values = new double[window.Length];
        for (var i = 0; i < values.Length; i++) values[i] = window[i].Number;
        Array.Sort(values);
        return values[RankOf(values.Length) - 1];
    }

    private long RankOf(int count) => Math.Max(1, (_share * count + Whole - 1) / Whole); // hot

    private void Count(int group, double value, int by) // hot
    {
        var counters = _counters.AsSpan(group * _stride, _stride);
        for (var i = 0; i < counters.Length; i += 2)
        {
            var threshold = criteria.Threshold(i / 2);
            if (value < threshold) counters[i] += by;
            if (value <= threshold) counters[i + 1] += by;
        }
    }
}
