namespace Picket.Sensors;

/// <summary>To /sensors and from there to each sensor: hand on what you hold and take in nothing more.</summary>
public sealed record DrainSensors;
