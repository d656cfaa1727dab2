using Picket.Actors.Persistence.Sql.Postgres;
using Picket.Actors.Persistence.Sql.Sqlite;
using Picket.Hocon;

namespace Picket.Node.Options;

/// <summary>Reads which database the node has. Every section is checked, also that of the one that is not chosen.</summary>
internal static class StoreOptionsReader
{
    private const string FileName = "store.db";
    private const long GiB = 1L << 30;

    /// <summary>Attempts at a server go on for so long within one call; the actors' own back-off comes after it.</summary>
    private static readonly TimeSpan Attempts = TimeSpan.FromSeconds(5);

    /// <exception cref="ConfigException">A value is wrong; the message names its place.</exception>
    public static StoreOptions Read(OptionsSection section, string dataDirectory)
    {
        var sqlite = ReadSqlite(section.Section("sqlite"), dataDirectory);
        var postgres = section.Section("postgresql");
        var connection = postgres.Text("connection", mayBeEmpty: true);
        var schema = postgres.Text("schema");
        return section.Choice("kind", "sqlite", "postgresql", "none") switch
        {
            "sqlite" => new StoreOptions(sqlite, null),
            "postgresql" => new StoreOptions(null, ReadPostgres(postgres, connection, schema)),
            _ => StoreOptions.None,
        };
    }

    private static SqliteOptions ReadSqlite(OptionsSection section, string dataDirectory)
    {
        var path = section.Text("path", mayBeEmpty: true).Length > 0 ? section.Path("path") : Path.Combine(dataDirectory, FileName);
        return new SqliteOptions
        {
            Path = path,
            Durability = Enum.Parse<SqliteDurability>(section.Choice("durability", "normal", "full"), true),
            MaxBytes = section.Size("max-size", 1 << 20, 1024 * GiB),
            Readers = 1,
        };
    }

    private static PostgresOptions ReadPostgres(OptionsSection section, string connection, string schema)
    {
        var options = new PostgresOptions
        {
            ConnectionString = connection,
            Schema = schema,
            RetryFor = Attempts,
            AttemptTimeout = Attempts,
        };
        try
        {
            options.Validate();
            return options;
        }
        catch (ArgumentException e)
        {
            var name = e.Message.StartsWith(nameof(PostgresOptions.Schema), StringComparison.Ordinal) ? "schema" : "connection";
            throw section.Wrong(name, $"is refused: {e.Message}");
        }
    }
}
