namespace Picket.Sensors.Logs.Journal;

/// <summary>From the reading thread to its actor: the program runs.</summary>
/// <param name="At">Since when.</param>
/// <param name="Process">Its number.</param>
internal sealed record JournalBegan(DateTimeOffset At, int Process);
