namespace Picket.Detection.Sigma.Ast;

/// <summary>How a correlation compares what it found with its threshold.</summary>
internal enum CorrelationOperator
{
    Lt,
    Lte,
    Gt,
    Gte,
    Eq,
    Neq,
}
