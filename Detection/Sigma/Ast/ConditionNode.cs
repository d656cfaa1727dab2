namespace Picket.Detection.Sigma.Ast;

/// <summary>A condition: a closed set of shapes.</summary>
internal abstract record ConditionNode
{
    /// <summary>All must hold.</summary>
    internal sealed record And(IReadOnlyList<ConditionNode> Parts) : ConditionNode;

    /// <summary>One must hold.</summary>
    internal sealed record Or(IReadOnlyList<ConditionNode> Parts) : ConditionNode;

    /// <summary>It must not hold.</summary>
    internal sealed record Not(ConditionNode Part) : ConditionNode;

    /// <summary>A selection, by name.</summary>
    internal sealed record SelectionName(string Selection) : ConditionNode;

    /// <summary>At least <paramref name="Count"/> of the named selections; the pattern is resolved already.</summary>
    internal sealed record AtLeast(int Count, IReadOnlyList<string> Selections) : ConditionNode;
}
