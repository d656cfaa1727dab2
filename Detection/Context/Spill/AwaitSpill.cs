namespace Picket.Detection.Context.Spill;

/// <summary>To /spill: answer with <see cref="SpillDrained"/> when nothing waits any more, and what did is done with.</summary>
public sealed record AwaitSpill;
