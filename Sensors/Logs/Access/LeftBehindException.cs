namespace Picket.Sensors.Logs.Access;

/// <summary>In a reading thread that hung and goes on: another one reads in its place, and it may only close what it holds.</summary>
internal sealed class LeftBehindException()
    : Exception("another thread reads the logs in this one's place");
