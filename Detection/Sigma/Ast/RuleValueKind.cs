namespace Picket.Detection.Sigma.Ast;

/// <summary>The type of a value in a rule.</summary>
internal enum RuleValueKind
{
    Text,
    Number,
    Boolean,
    Null,
}
