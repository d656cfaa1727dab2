namespace Picket.Sensors;

/// <summary>To the monitor: a sensor failed too often and stays stopped.</summary>
/// <param name="Sensor">Its name.</param>
/// <param name="At">When it failed last.</param>
/// <param name="Failures">Failures within the window.</param>
/// <param name="Reason">Why it failed last.</param>
public sealed record SensorGivenUp(string Sensor, DateTimeOffset At, int Failures, string Reason);
