using Picket.Detection.Context;

namespace Picket.Node.Self;

/// <summary>What one process did to the sensor over and over, after the first time, which was said.</summary>
/// <param name="Last">The last time.</param>
/// <param name="Count">How often, at least 1.</param>
/// <param name="From">When the first of these was done.</param>
/// <param name="To">When the last was done.</param>
internal sealed record TouchesRepeated(SensorTouched Last, long Count, DateTimeOffset From, DateTimeOffset To);
