using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Detection.Sigma.Ast;

/// <summary>A rule as another document names it.</summary>
/// <param name="Text">The rule's id or name.</param>
/// <param name="At">Where it is written.</param>
internal sealed record RuleReference(string Text, Place At);
