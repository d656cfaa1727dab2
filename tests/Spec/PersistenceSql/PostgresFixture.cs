using System.Runtime.Versioning;
using Npgsql;
using Picket.Actors.Persistence.Sql.Postgres;
using Picket.Spec.Durability;

namespace Picket.Spec.PersistenceSql;

/// <summary>A server that is started when the first test asks for it.</summary>
[SupportedOSPlatform("linux")]
public sealed class PostgresFixture : IDisposable
{
    private PostgresServer? _server;
    private int _schemas;

    internal PostgresServer Server => _server ??= PostgresServer.Start();

    /// <summary>Options with a schema that no other test has.</summary>
    public PostgresOptions NewOptions() => new()
    {
        ConnectionString = Server.ConnectionString,
        Schema = $"test {Interlocked.Increment(ref _schemas)}",
        RetryFor = TimeSpan.FromSeconds(20),
    };

    /// <summary>A store in such a schema.</summary>
    internal Reopened<PostgresStore> NewStore()
    {
        var options = NewOptions();
        return new Reopened<PostgresStore>(() => PostgresStore.OpenAsync(options));
    }

    /// <summary>SQL behind the store's back; the first column of the first row.</summary>
    public async Task<object?> ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(Server.ConnectionString);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose() => _server?.Dispose();
}
