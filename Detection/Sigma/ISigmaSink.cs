using Picket.Detection.Events;

namespace Picket.Detection.Sigma;

/// <summary>Hears what an engine finds. What it throws is not caught by the engine.</summary>
public interface ISigmaSink
{
    /// <summary>The rule matches the event, which is lent for the call.</summary>
    void OnMatch(SigmaRule rule, in EventView view);

    /// <summary>The rule could not be decided for the event, such as when a regular expression exceeded its time.</summary>
    void OnFailure(SigmaRule rule, in EventView view, Exception failure);

    /// <summary>The rule has failed too often and is not asked any more by this engine.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="failures">How often it failed.</param>
    /// <param name="within">In what time.</param>
    void OnDisabled(SigmaRule rule, int failures, TimeSpan within);
}
