namespace Picket.Actors.Persistence.Sql.Schema;

/// <summary>A migration as a database remembers it.</summary>
internal readonly record struct AppliedMigration(long Version, string Checksum);
