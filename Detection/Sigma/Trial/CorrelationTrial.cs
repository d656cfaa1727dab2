using Picket.Detection.Alerts;
using Picket.Detection.Events;
using Picket.Detection.Sigma.Correlation;

namespace Picket.Detection.Sigma.Trial;

/// <summary>
/// One correlation asked about a sequence of events, with what made the answer: for the authors of rules. The engines are those of a
/// replay, so that windows, lateness and silence are the same; here it alerts by itself, whether or not another correlation refers to it.
/// </summary>
public sealed class CorrelationTrial : ISigmaSink, ICorrelationSink
{
    private readonly SigmaEngine _rules;
    private readonly CorrelationEngine _correlations;
    private readonly List<SigmaRule> _sources = [];
    private readonly long[] _matches;
    private readonly List<FiringTrial> _firings = [];
    private readonly List<string> _failures = [];
    private StableId _event;

    /// <summary>Compiles the rules that lead to <paramref name="rule"/>, and nothing else of its set.</summary>
    public CorrelationTrial(CorrelationRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        Rule = rule;
        var inner = new List<CorrelationRule>();
        Collect(rule, inner);
        _matches = new long[_sources.Count];
        _rules = SigmaEngine.Build([.. _sources.SelectMany(source => source.Copies.Prepend(source))]);
        _correlations = new CorrelationEngine([rule.ByItself(), .. inner]);
    }

    /// <summary>The correlation.</summary>
    public CorrelationRule Rule { get; }

    /// <summary>The rules about single events that lead to it, over other correlations or directly, in their order.</summary>
    public IReadOnlyList<SourceTrial> Sources => [.. _sources.Select((source, i) => new SourceTrial(source, _matches[i]))];

    /// <summary>Its firings, in their order.</summary>
    public IReadOnlyList<FiringTrial> Firings => _firings;

    /// <summary>What became of the matches of its rules, and of the correlations below it.</summary>
    public CorrelationCounts Counts => _correlations.Counts;

    /// <summary>Matches on events without a time, which are in no window.</summary>
    public long Undated { get; private set; }

    /// <summary>Rules that failed on an event, a line each.</summary>
    public IReadOnlyList<string> Failures => _failures;

    /// <summary>Takes the next event.</summary>
    /// <param name="view">The event.</param>
    /// <param name="id">Its id: an event with the id of another one is the same and counts once.</param>
    public void Take(in EventView view, StableId id)
    {
        _event = id;
        _rules.Evaluate(view, this);
    }

    /// <inheritdoc/>
    public void OnMatch(SigmaRule rule, in EventView view)
    {
        ArgumentNullException.ThrowIfNull(rule);
        _matches[_sources.IndexOf(rule.Original)]++;
        if (view.Record.TimeNs == 0) Undated++;
        else _correlations.Hear(rule, view, (long)view.Record.TimeNs + view.Source.ClockOffsetNs, _event, this);
    }

    /// <inheritdoc/>
    public void OnFailure(SigmaRule rule, in EventView view, Exception failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        _failures.Add($"the rule {rule} failed: {failure.Message}");
    }

    /// <inheritdoc/>
    public void OnDisabled(SigmaRule rule, int failures, TimeSpan within) =>
        _failures.Add($"the rule {rule} failed {failures} times and is not asked any more");

    /// <inheritdoc/>
    public void OnFired(CorrelationFiring firing, in EventView view)
    {
        ArgumentNullException.ThrowIfNull(firing);

        // Those below it alert as well where their set wants them to (generate).
        if (ReferenceEquals(firing.Rule.Syntax, Rule.Syntax))
            _firings.Add(new FiringTrial(firing, view.Source.File ?? "", view.Record.Sequence));
    }

    private void Collect(CorrelationRule from, List<CorrelationRule> inner)
    {
        foreach (var source in from.Sources)
        {
            if (source.Rule is { } rule && !_sources.Contains(rule)) _sources.Add(rule);
            if (source.Correlation is not { } correlation || inner.Contains(correlation)) continue;
            inner.Add(correlation);
            Collect(correlation, inner);
        }
    }
}
