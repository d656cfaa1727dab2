namespace Picket.Detection.Sigma.Ast;

/// <summary>The rule's <c>logsource</c>; a part that the rule does not name is null. Names are lower case.</summary>
/// <param name="Product">Such as <c>linux</c>.</param>
/// <param name="Category">Such as <c>process_creation</c>.</param>
/// <param name="Service">Such as <c>auditd</c>.</param>
/// <param name="Definition">What the log source must be set up to deliver, for people.</param>
public sealed record SigmaLogSource(string? Product, string? Category, string? Service, string? Definition)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Product ?? "*"}/{Category ?? "*"}/{Service ?? "*"}";
}
