using Picket.Detection.Alerts;
using Picket.Detection.Alerts.Ecs;
using Picket.Detection.Events;
using Picket.Detection.Sigma;

namespace Picket.Node.Replaying;

/// <summary>What the rules found in one batch, in the order of its records.</summary>
internal sealed class BatchFindings(SigmaEngine engine, AlertBuilder builder) : ISigmaSink
{
    /// <summary>The alerts.</summary>
    public List<Alert> Alerts { get; } = [];

    /// <summary>What correlations must hear of, in the order of the records.</summary>
    public List<CorrelatedMatch> Matches { get; } = [];

    /// <summary>The batch, while correlations must read it; null when it has gone back.</summary>
    public EventBatch? Held { get; set; }

    /// <summary>Rules that failed on a record, a line each.</summary>
    public List<string> Problems { get; } = [];

    public void OnMatch(SigmaRule rule, in EventView view)
    {
        if (rule.Alerts) Alerts.Add(builder.Build(rule.Alert, view, engine.Explain(rule, view)));
        if (rule.IsCorrelated) Matches.Add(new CorrelatedMatch(rule, view.Index, AlertIds.OfEvent(view), Alerts.Count));
    }

    public void OnFailure(SigmaRule rule, in EventView view, Exception failure) =>
        Problems.Add($"{view.Source.File}:{view.Record.Sequence}: the rule {rule} failed: {failure.Message}");

    public void OnDisabled(SigmaRule rule, int failures, TimeSpan within) =>
        Problems.Add(
            $"the rule {rule} failed {failures} times within {within.TotalSeconds:0.###} s "
            + "and is not asked any more by one of the engines");
}
