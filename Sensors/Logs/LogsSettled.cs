namespace Picket.Sensors.Logs;

/// <summary>To /sensors/logs: nothing that it handed on is under way any more.</summary>
internal sealed record LogsSettled;
