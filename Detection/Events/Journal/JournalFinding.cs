namespace Picket.Detection.Events.Journal;

/// <summary>Something that a journal found wrong with its files, for an alert or a log line.</summary>
/// <param name="File">The file's name in the journal's folder.</param>
/// <param name="Bytes">How many bytes are concerned.</param>
/// <param name="Text">What was found and what was done about it.</param>
public sealed record JournalFinding(string File, long Bytes, string Text);
