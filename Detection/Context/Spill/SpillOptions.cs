namespace Picket.Detection.Context.Spill;

/// <summary>How events that the engines cannot keep up with wait on disk.</summary>
/// <param name="MaxBytes">Bytes of all lanes together; a lane has 32 MiB at least. Beyond, events wait in the ring.</param>
/// <param name="MinBacklog">A shard with fewer records waiting is not said to lag, however few batches are free.</param>
public sealed record SpillOptions(long MaxBytes, int MinBacklog);
