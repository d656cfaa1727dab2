using Picket.Actors.Persistence.Journal;
using Picket.Actors.Persistence.Snapshot;
using Picket.Actors.Persistence.Sql.Postgres;
using Picket.Actors.Persistence.Sql.Sqlite;

namespace Picket.Persister;

/// <summary>The back end of a run.</summary>
internal sealed record Store(IEventJournal Journal, ISnapshotStore Snapshots, IAsyncDisposable Owner) : IAsyncDisposable
{
    public static async Task<Store> OpenAsync(PersisterOptions options)
    {
        if (options.Postgres is not null)
        {
            var postgres = await PostgresStore.OpenAsync(new PostgresOptions
            {
                ConnectionString = options.Postgres,
                RetryFor = TimeSpan.FromSeconds(options.RetrySeconds),
            });
            return new Store(postgres.Journal, postgres.Snapshots, postgres);
        }

        var sqlite = SqliteStore.Open(new SqliteOptions
        {
            Path = options.Sqlite ?? throw new ArgumentException("--sqlite names a file, or --postgres a database"),
            Durability = options.Normal ? SqliteDurability.Normal : SqliteDurability.Full,
        });
        return new Store(sqlite.Journal, sqlite.Snapshots, sqlite);
    }

    public ValueTask DisposeAsync() => Owner.DisposeAsync();
}
