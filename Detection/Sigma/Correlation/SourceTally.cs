namespace Picket.Detection.Sigma.Correlation;

/// <summary>temporal: how many of the rules are there, from a counter for each.</summary>
/// <param name="criteria">The condition.</param>
/// <param name="sources">How many rules there are.</param>
internal class SourceTally(Criteria criteria, int sources) : Tally
{
    private readonly int _stride = sources + 1;
    private int[] _counters = [];

    /// <summary>How often each rule matched in a group's window.</summary>
    protected ReadOnlySpan<int> CountersOf(int group) => _counters.AsSpan(group * _stride, _stride - 1); // hot

    public override long BytesPerGroup => _stride * sizeof(int);

    public override void Grow(int groups) => Array.Resize(ref _counters, groups * _stride);

    public override void Clear(int group) => _counters.AsSpan(group * _stride, _stride).Clear();

    public override void Add(int group, in Occurrence occurrence) // hot
    {
        // Behind the counters of the rules is how many of them are not zero.
        var counters = _counters.AsSpan(group * _stride, _stride);
        if (counters[occurrence.Source]++ == 0) counters[^1]++;
    }

    public override void Remove(int group, in Occurrence occurrence) // hot
    {
        var counters = _counters.AsSpan(group * _stride, _stride);
        if (--counters[occurrence.Source] == 0) counters[^1]--;
    }

    public override bool Holds(int group, int count, long after) => criteria.HoldsFor(_counters[group * _stride + _stride - 1]); // hot

    public override double AmountOf(ReadOnlySpan<Occurrence> window) => Witnesses(window).Length;

    public override ReadOnlySpan<Occurrence> Witnesses(ReadOnlySpan<Occurrence> window)
    {
        var newest = new List<Occurrence>();
        for (var i = window.Length - 1; i >= 0; i--)
        {
            var source = window[i].Source;
            if (!newest.Exists(known => known.Source == source)) newest.Add(window[i]);
        }

        newest.Reverse();
        return newest.ToArray();
    }
}
