namespace Picket.Sensors.Logs.Journal;

/// <summary>To the journal's actor: what its last entry is.</summary>
/// <param name="Question">To which question.</param>
/// <param name="Cursor">The entry's cursor; null when there is none, or no journal.</param>
/// <param name="TimeUs">When it was written, in microseconds since 1970.</param>
/// <param name="Problem">Why that is not known; null when it is.</param>
internal sealed record JournalAnswer(JournalQuestion Question, string? Cursor, long TimeUs, string? Problem);
