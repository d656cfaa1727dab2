namespace Picket.Detection.Sigma.Compilation;

/// <summary>What a part of a pattern stands for.</summary>
internal enum PatternPartKind
{
    /// <summary>Its own bytes.</summary>
    Literal,

    /// <summary>Any bytes, also none (<c>*</c>).</summary>
    AnyRun,

    /// <summary>One character (<c>?</c>).</summary>
    AnyChar,
}
