namespace Picket.Node.Tree;

/// <summary>Everything up to barrier <paramref name="Barrier"/> has passed all stages.</summary>
internal sealed record Drained(long Barrier);
