namespace Picket.Sensors.Logs;

/// <summary>From the reading thread to its actor: it has ended.</summary>
internal sealed record LogReaderFailed(Exception Reason);
