namespace Picket.Sensors;

/// <summary>How the parts of a sensor, or the sensors, are.</summary>
/// <param name="Parts">One for each.</param>
public sealed record PartStates(IReadOnlyList<PartState> Parts);
