namespace Picket.Detection.Sigma.Ir;

/// <summary>A rule in normal form: fields interned, modifiers applied, patterns folded.</summary>
/// <param name="Names">The selections' names.</param>
/// <param name="Selections">The selections' logic, without <see cref="IrNode.Pick"/>.</param>
/// <param name="Condition">The rule's logic over its selections.</param>
internal sealed record RuleIr(IReadOnlyList<string> Names, IReadOnlyList<IrNode> Selections, IrNode Condition);
