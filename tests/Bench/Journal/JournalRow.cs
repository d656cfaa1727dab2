namespace Picket.Bench.Journal;

/// <summary>A line of the result.</summary>
/// <param name="Store">The back end.</param>
/// <param name="Events">Events in a batch.</param>
/// <param name="Histories">Persistence ids that they belong to.</param>
/// <param name="PerSecond">Events per second by load: the plain ones first, then the journal, then the persistent actors.</param>
/// <param name="ActorsPerCommit">Events that a commit of the actors' had on average.</param>
internal sealed record JournalRow(string Store, int Events, int Histories, IReadOnlyDictionary<string, double> PerSecond, double ActorsPerCommit);
