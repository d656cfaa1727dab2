namespace Picket.Detection.Sigma.Trial;

/// <summary>How often a rule matched that leads to a correlation.</summary>
/// <param name="Rule">The rule, which is about single events.</param>
/// <param name="Matches">The events that it matched, those without a time included.</param>
public sealed record SourceTrial(SigmaRule Rule, long Matches);
