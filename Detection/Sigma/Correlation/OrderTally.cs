namespace Picket.Detection.Sigma.Correlation;

/// <summary>
/// temporal_ordered: for each rule the latest start of a chain of all rules up to it, so that a chain is in the window when its start is.
/// Rules that match at one time are in order either way, since the time does not tell.
/// </summary>
/// <param name="sources">How many rules there are.</param>
internal sealed class OrderTally(int sources) : Tally
{
    private const long Never = long.MinValue;

    private readonly int _stride = 2 * sources;
    private long[] _chains = [];

    public override bool IsReversible => false;

    public override long BytesPerGroup => _stride * sizeof(long);

    public override void Grow(int groups) => Array.Resize(ref _chains, groups * _stride);

    public override void Clear(int group) => _chains.AsSpan(group * _stride, _stride).Fill(Never);

    /// <summary>Occurrences come in the order of their times here.</summary>
    public override void Add(int group, in Occurrence occurrence) // hot
    {
        var starts = _chains.AsSpan(group * _stride, sources);
        var last = _chains.AsSpan(group * _stride + sources, sources);
        var time = occurrence.Time;
        last[occurrence.Source] = time;
        for (var rule = occurrence.Source; rule < sources && last[rule] == time; rule++)
            starts[rule] = rule == 0 ? time : Math.Max(starts[rule], starts[rule - 1]);
    }

    /// <summary>What has left is told by its time.</summary>
    public override void Remove(int group, in Occurrence occurrence) // hot
    {
    }

    public override bool Holds(int group, int count, long after) => _chains[group * _stride + sources - 1] > after; // hot

    public override double AmountOf(ReadOnlySpan<Occurrence> window) => sources;

    /// <summary>The chain that starts latest.</summary>
    public override ReadOnlySpan<Occurrence> Witnesses(ReadOnlySpan<Occurrence> window)
    {
        var chain = new Occurrence[sources];
        var end = long.MaxValue;
        for (var rule = sources - 1; rule >= 0; rule--)
        {
            var at = window.Length - 1;
            while (window[at].Source != rule || window[at].Time > end) at--;
            chain[rule] = window[at];
            end = window[at].Time;
        }

        return chain;
    }
}
