namespace Picket.Sensors;

/// <summary>From a sensor to /sensors: it is at work.</summary>
public sealed record SensorReady;
