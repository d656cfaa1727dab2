namespace Picket.Detection.Sigma.Ir;

/// <summary>A rule's logic over atoms: a closed set of shapes.</summary>
internal abstract record IrNode
{
    /// <summary>All must hold.</summary>
    internal sealed record And(IReadOnlyList<IrNode> Parts) : IrNode;

    /// <summary>One must hold.</summary>
    internal sealed record Or(IReadOnlyList<IrNode> Parts) : IrNode;

    /// <summary>It must not hold.</summary>
    internal sealed record Not(IrNode Part) : IrNode;

    /// <summary>At least <paramref name="Count"/> must hold, which is neither one nor all of them.</summary>
    internal sealed record AtLeast(int Count, IReadOnlyList<IrNode> Parts) : IrNode;

    /// <summary>A question to the event.</summary>
    internal sealed record AtomNode(Atom Atom) : IrNode;

    /// <summary>A selection by its place in the rule; kept apart so that an explanation can name it.</summary>
    internal sealed record Pick(int Selection) : IrNode;

    public static IrNode AllOf(IReadOnlyList<IrNode> parts) => parts.Count == 1 ? parts[0] : new And(parts);

    public static IrNode AnyOf(IReadOnlyList<IrNode> parts) => parts.Count == 1 ? parts[0] : new Or(parts);
}
