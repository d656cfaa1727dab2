namespace Picket.Node.Bench;

/// <summary>What the benchmarked actors send: a new one each time, as programs do.</summary>
/// <param name="Number">Counts from 1.</param>
internal sealed record Payload(int Number);
