namespace Picket.Bench.Correlation;

/// <summary>One row: what was measured, and the median of its rounds.</summary>
/// <param name="Name">The type and the shape of the load.</param>
/// <param name="Groups">Groups at the end.</param>
/// <param name="PerSecond">Matches heard in a second of one processor.</param>
/// <param name="BytesPerGroup">Bytes in use for a group: its matches, values, and places in tables.</param>
/// <param name="HeldPerGroup">Bytes of all pools and tables for a group.</param>
/// <param name="Allocated">Bytes allocated by a match, once all groups are there.</param>
/// <param name="Fired">Times that it fired in a round.</param>
internal sealed record CorrelationRow(
    string Name, int Groups, double PerSecond, double BytesPerGroup, double HeldPerGroup, double Allocated, long Fired);
