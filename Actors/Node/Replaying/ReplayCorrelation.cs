using Picket.Detection.Alerts;
using Picket.Detection.Alerts.Ecs;
using Picket.Detection.Events;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Correlation;

namespace Picket.Node.Replaying;

/// <summary>
/// The correlations of a replay: they hear of matches in the order of the records, whichever core found them, so that a file always gives
/// the same alerts in the same order.
/// </summary>
internal sealed class ReplayCorrelation(SigmaRuleSet rules, AlertBuilder builder) : ICorrelationSink
{
    private readonly CorrelationEngine _engine = new(rules.Correlations);
    private List<Alert> _alerts = [];

    /// <summary>Matches on records without a time, which are in no window.</summary>
    public long Undated { get; private set; }

    /// <summary>What became of the others.</summary>
    public CorrelationCounts Counts => _engine.Counts;

    /// <summary>Puts the alerts of correlations among those of a batch, each behind the record that led to it.</summary>
    public void Complete(BatchFindings findings, EventBatch batch)
    {
        var own = findings.Alerts.ToArray();
        _alerts = findings.Alerts;
        _alerts.Clear();
        var taken = 0;
        foreach (var match in findings.Matches)
        {
            for (; taken < match.AlertsBefore; taken++) _alerts.Add(own[taken]);
            var view = batch.View(match.Record);
            if (view.Record.TimeNs == 0) Undated++;
            else _engine.Hear(match.Rule, view, (long)view.Record.TimeNs + view.Source.ClockOffsetNs, match.Id, this);
        }

        _alerts.AddRange(own.AsSpan(taken));
    }

    public void OnFired(CorrelationFiring firing, in EventView view) =>
        _alerts.Add(builder.Build(firing.Rule.Alert, view, firing.ToAlert()));
}
