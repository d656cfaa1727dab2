using Picket.Detection.Sigma.Ir;

namespace Picket.Detection.Sigma.Index;

/// <summary>A rule over atom numbers.</summary>
/// <param name="Steps">All steps; parts come before what joins them.</param>
/// <param name="Root">The step that is the rule's answer.</param>
/// <param name="Rule">The normal form behind it.</param>
internal sealed record RuleProgram(ProgramStep[] Steps, int Root, RuleIr Rule);
