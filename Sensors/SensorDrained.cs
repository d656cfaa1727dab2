namespace Picket.Sensors;

/// <summary>The answer to <see cref="DrainSensors"/>.</summary>
/// <param name="Barrier">The number of the barrier behind the last record; 0 when none was sent.</param>
public sealed record SensorDrained(long Barrier);
