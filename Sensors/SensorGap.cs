namespace Picket.Sensors;

/// <summary>To the monitor: a sensor failed and is at work again.</summary>
/// <param name="Sensor">Its name.</param>
/// <param name="From">When it failed.</param>
/// <param name="To">When it was at work again.</param>
/// <param name="Reason">Why it failed.</param>
/// <param name="Edge">How <paramref name="From"/> is known.</param>
public sealed record SensorGap(string Sensor, DateTimeOffset From, DateTimeOffset To, string Reason, GapEdge Edge = GapEdge.Failure);
