namespace Picket.Sensors.Logs;

/// <summary>From the reading thread to its actor: the files were looked at for the first time.</summary>
internal sealed record LogsLooked;
