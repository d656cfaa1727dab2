namespace Picket.Detection.Sigma.Matching;

/// <summary>How a number is compared.</summary>
internal enum Comparison
{
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}
