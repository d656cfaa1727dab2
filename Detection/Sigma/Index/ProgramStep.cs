namespace Picket.Detection.Sigma.Index;

/// <summary>One step.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Number">The atom's number, or how many parts must hold.</param>
/// <param name="Parts">The steps that it joins.</param>
internal readonly record struct ProgramStep(StepKind Kind, int Number, int[] Parts);
