namespace Picket.Detection.Sigma.Ast;

/// <summary>
/// One rule as it is written: values are raw, modifiers are listed and not applied. The compiler and the full scan both
/// start here and share nothing below.
/// </summary>
/// <param name="Header">The metadata.</param>
/// <param name="Selections">The selections in the rule's order.</param>
/// <param name="Condition">The condition; several conditions are joined by or.</param>
/// <param name="Placeholders">Values for <c>expand</c>, given by whoever loaded the rule.</param>
internal sealed record RuleSyntax(
    RuleHeader Header,
    IReadOnlyList<SelectionSyntax> Selections,
    ConditionNode Condition,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Placeholders);
