namespace Picket.Node.Tree;

/// <summary>Barrier <paramref name="Number"/> has passed every edge and stage.</summary>
internal sealed record BarrierPassed(long Number);
