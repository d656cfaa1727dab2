namespace Picket.Sensors.Logs.Journal;

/// <summary>From the reading thread to its actor: the program that reads the journal has ended.</summary>
/// <param name="At">When nothing came of it any more.</param>
/// <param name="Reason">What it said, or what went wrong.</param>
/// <param name="Entries">Entries that it gave before.</param>
internal sealed record JournalEnded(DateTimeOffset At, string Reason, long Entries);
