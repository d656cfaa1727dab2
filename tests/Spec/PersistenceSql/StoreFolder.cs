using Microsoft.Data.Sqlite;
using Picket.Actors.Persistence;
using Picket.Actors.Persistence.Journal;
using Picket.Actors.Persistence.Sql.Sqlite;

namespace Picket.Spec.PersistenceSql;

/// <summary>A folder of the test's own with a database in it.</summary>
internal sealed class StoreFolder : IDisposable
{
    public string Folder { get; } = TestFolder.Make("sql");

    public string Database => Path.Combine(Folder, "events.db");

    public SqliteOptions Options => new() { Path = Database };

    public Reopened<SqliteStore> NewStore() => new(() => Task.FromResult(Open()));

    public SqliteStore Open() => SqliteStore.Open(Options);

    /// <summary>A store with events 1..count of [a], closed again.</summary>
    public async Task MakeAsync(int count = 3, string text = "event")
    {
        await using var store = Open();
        await WriteAsync(store.Journal, "a", 1, count, text);
    }

    /// <summary>SQL on the file behind the store's back.</summary>
    public void Execute(string sql)
    {
        using var connection = SqliteConnections.Open(Database, TimeSpan.Zero);
        connection.Execute(sql);
        using var command = new SqliteCommand("PRAGMA wal_checkpoint(TRUNCATE)", connection);
        command.ExecuteNonQuery();
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    public static async Task WriteAsync(IEventJournal journal, string id, long from, int count, string text = "event")
    {
        var events = Enumerable.Range(0, count).Select(i => new Persistent($"{text} {from + i}", from + i, id, writerGuid: "w")).ToArray();
        Assert.Equal([null], await journal.WriteAsync([new AtomicWrite(events)], TestContext.Current.CancellationToken));
    }

    public static async Task<List<Persistent>> ReplayAsync(IEventJournal journal, string id)
    {
        var all = new List<Persistent>();
        await foreach (var one in journal.ReplayAsync(id, 1, long.MaxValue, long.MaxValue, TestContext.Current.CancellationToken)) all.Add(one);
        return all;
    }
}
