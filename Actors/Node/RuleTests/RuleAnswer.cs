using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Trial;

namespace Picket.Node.RuleTests;

/// <summary>What one rule says of one event.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="File">The event's file.</param>
/// <param name="Record">Its number there, from 1.</param>
/// <param name="Trial">What the rule says.</param>
internal sealed record RuleAnswer(SigmaRule Rule, string File, ulong Record, RuleTrial Trial);
