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

    /// <summary>Rules that failed on a record, a line each.</summary>
    public List<string> Problems { get; } = [];

    public void OnMatch(SigmaRule rule, in EventView view) => Alerts.Add(builder.Build(rule.Alert, view, engine.Explain(rule, view)));

    public void OnFailure(SigmaRule rule, in EventView view, Exception failure) =>
        Problems.Add($"{view.Source.File}:{view.Record.Sequence}: the rule {rule} failed: {failure.Message}");

    public void OnDisabled(SigmaRule rule, int failures, TimeSpan within) =>
        Problems.Add(
            $"the rule {rule} failed {failures} times within {within.TotalSeconds:0.###} s "
            + "and is not asked any more by one of the engines");
}
