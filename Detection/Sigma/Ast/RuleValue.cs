using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Detection.Sigma.Ast;

/// <summary>A value as it is written.</summary>
/// <param name="Kind">What YAML's core schema makes of it.</param>
/// <param name="Text">The scalar's text; empty for null.</param>
/// <param name="At">Where it is written.</param>
internal sealed record RuleValue(RuleValueKind Kind, string Text, Place At);
