namespace Picket.Detection.Sigma.Pipelines.Conditions;

/// <summary>What conditions on rules are about.</summary>
/// <param name="Work">The rule.</param>
/// <param name="ForCorrelation">Asked for the fields that a correlation rule names in the events of this one.</param>
internal readonly record struct RuleSubject(RuleWork Work, bool ForCorrelation);
