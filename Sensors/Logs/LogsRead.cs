namespace Picket.Sensors.Logs;

/// <summary>From the reading thread to its actor: what was there is read and handed on.</summary>
internal sealed record LogsRead;
