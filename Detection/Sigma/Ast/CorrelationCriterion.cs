namespace Picket.Detection.Sigma.Ast;

/// <summary>One comparison of a correlation's condition.</summary>
/// <param name="Operator">How to compare.</param>
/// <param name="Threshold">With what; whole and not negative for counts.</param>
internal sealed record CorrelationCriterion(CorrelationOperator Operator, double Threshold);
