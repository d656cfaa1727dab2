namespace Picket.Sensors;

/// <summary>From /sensors to its parent, once: every sensor is at work, or has failed and will be tried again.</summary>
public sealed record SensorsReady;
