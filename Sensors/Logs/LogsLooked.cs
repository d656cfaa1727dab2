namespace Picket.Sensors.Logs;

/// <summary>From the reading thread to its actor: the files were looked at for the first time.</summary>
/// <param name="At">When; from then on it reads.</param>
internal sealed record LogsLooked(DateTimeOffset At);
