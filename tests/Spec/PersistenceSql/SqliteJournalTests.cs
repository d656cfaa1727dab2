using Picket.Actors.Persistence.Journal;
using Picket.Actors.Persistence.Sql.Sqlite;
using Picket.Spec.Persistence;

namespace Picket.Spec.PersistenceSql;

public sealed class SqliteJournalTests : JournalConformance
{
    private readonly StoreFolder _folder = new();
    private readonly Reopened<SqliteStore> _store;

    public SqliteJournalTests() => _store = _folder.NewStore();

    protected override object? Unstorable => new object();

    protected override async Task<IEventJournal> OpenAsync() => (await _store.OpenAsync()).Journal;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _store.DisposeAsync();
        _folder.Dispose();
    }
}
