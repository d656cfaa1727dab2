using Picket.Detection.Events;
using Picket.Detection.Sigma;

namespace Picket.Node.Bench.Sigma;

/// <summary>Counts what matches, and can keep the names of the last event's rules.</summary>
internal sealed class CountingSink : ISigmaSink
{
    public long Matches { get; private set; }

    public long Failures { get; private set; }

    /// <summary>Gets the rules that match, in their order; null keeps none.</summary>
    public List<SigmaRule>? Kept { get; init; }

    public void OnMatch(SigmaRule rule, in EventView view)
    {
        Matches++;
        Kept?.Add(rule);
    }

    public void OnFailure(SigmaRule rule, in EventView view, Exception failure) => Failures++;

    public void OnDisabled(SigmaRule rule, int failures, TimeSpan within) => Failures++;
}
