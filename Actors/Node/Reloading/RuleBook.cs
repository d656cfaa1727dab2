using Picket.Detection.Sigma;

namespace Picket.Node.Reloading;

/// <summary>Says to any thread which rules are in force; written by one.</summary>
internal sealed class RuleBook(SigmaRuleSet rules, TimeProvider time)
{
    private RuleStanding _now = new(rules, time.GetUtcNow(), 0);

    /// <summary>How things stand.</summary>
    public RuleStanding Now
    {
        get => Volatile.Read(ref _now);
        set => Volatile.Write(ref _now, value);
    }
}
