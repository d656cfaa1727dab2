using Picket.Actors.Persistence.Journal;
using Picket.Actors.Persistence.Sql.Sqlite;
using Picket.Spec.Persistence;

namespace Picket.Spec.PersistenceSql;

public sealed class SqliteJournalTests : JournalConformance
{
    private readonly StoreFolder _folder = new();
    private SqliteStore? _store;

    protected override object? Unstorable => new object();

    protected override async Task<IEventJournal> OpenAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
        _store = _folder.Open();
        return _store.Journal;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _store!.DisposeAsync();
        _folder.Dispose();
    }
}
