namespace Picket.Sensors.Logs;

/// <summary>How systemd's journal is read.</summary>
/// <param name="Command">The absolute path of <c>journalctl</c>.</param>
public sealed record JournalReading(string Command);
