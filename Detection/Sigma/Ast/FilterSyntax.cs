namespace Picket.Detection.Sigma.Ast;

/// <summary>A filter as it is written: a condition that is added to those of other rules.</summary>
/// <param name="Header">The metadata, with the log source of the rules that it may apply to.</param>
/// <param name="Rules">The rules that it names; null for all of its log source.</param>
/// <param name="Selections">The selections.</param>
/// <param name="Condition">What must hold beside the rule's own condition.</param>
internal sealed record FilterSyntax(
    RuleHeader Header, IReadOnlyList<RuleReference>? Rules, IReadOnlyList<SelectionSyntax> Selections, ConditionNode Condition);
