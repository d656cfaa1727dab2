using Picket.Detection.Events;
using Picket.Detection.Sigma;

namespace Picket.Spec.Sigma;

internal sealed class RecordingSink : ISigmaSink
{
    public List<SigmaRule> Matches { get; } = [];

    public List<(SigmaRule Rule, Exception Failure)> Failures { get; } = [];

    public List<SigmaRule> Disabled { get; } = [];

    public void OnMatch(SigmaRule rule, in EventView view) => Matches.Add(rule);

    public void OnFailure(SigmaRule rule, in EventView view, Exception failure) => Failures.Add((rule, failure));

    public void OnDisabled(SigmaRule rule, int failures, TimeSpan within) => Disabled.Add(rule);
}
