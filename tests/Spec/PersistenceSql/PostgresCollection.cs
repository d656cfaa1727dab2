using System.Runtime.Versioning;

namespace Picket.Spec.PersistenceSql;

/// <summary>Tests that share one PostgreSQL server, each in a schema of its own.</summary>
[CollectionDefinition(Name)]
[SupportedOSPlatform("linux")]
public sealed class PostgresCollection : ICollectionFixture<PostgresFixture>
{
    public const string Name = "postgres";
}
