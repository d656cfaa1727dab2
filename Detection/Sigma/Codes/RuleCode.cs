namespace Picket.Detection.Sigma.Codes;

/// <summary>A code by which machines know what is said of a rule, and what it asks of people.</summary>
/// <param name="Code">The code, which never changes its meaning.</param>
/// <param name="Kinds">As what it is said.</param>
/// <param name="Meaning">What it says.</param>
/// <param name="Remedy">What to do about it.</param>
public sealed record RuleCode(string Code, RuleCodeKinds Kinds, string Meaning, string Remedy);
