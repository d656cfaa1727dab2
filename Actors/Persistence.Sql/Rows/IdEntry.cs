namespace Picket.Actors.Persistence.Sql.Rows;

/// <summary>What a store knows of a persistence id.</summary>
/// <param name="Key">The number that stands for it in the other tables.</param>
/// <param name="DeletedTo">Up to where its events are deleted; 0 for none.</param>
internal readonly record struct IdEntry(long Key, long DeletedTo);
