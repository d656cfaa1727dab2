namespace Picket.Node.Tree;

/// <summary>To /self: answer with <see cref="BarrierPassed"/> once every line of the ledger has reported barrier
/// <paramref name="Number"/>; at once for 0.</summary>
internal sealed record AwaitBarrier(long Number);
