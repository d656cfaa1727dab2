using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Detection.Sigma.Ast;

/// <summary>A name that stands for other fields in the events of each rule.</summary>
/// <param name="Name">The alias.</param>
/// <param name="At">Where it is written.</param>
/// <param name="Fields">The rules, and the field that the alias means in each one's events.</param>
internal sealed record FieldAlias(string Name, Place At, IReadOnlyList<(RuleReference Rule, string Field)> Fields);
