namespace Picket.Sensors.Logs.Journal;

/// <summary>To /sensors/logs: the journal's entries so far are handed on, and no more will be.</summary>
internal sealed record JournalRead;
