using System.Runtime.Versioning;
using Picket.Actors.Persistence.Journal;
using Picket.Actors.Persistence.Sql.Postgres;
using Picket.Spec.Persistence;

namespace Picket.Spec.PersistenceSql;

[Collection(PostgresCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class PostgresJournalTests(PostgresFixture server) : JournalConformance
{
    private readonly PostgresOptions _options = server.NewOptions();
    private PostgresStore? _store;

    protected override object? Unstorable => new object();

    protected override async Task<IEventJournal> OpenAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
        _store = await PostgresStore.OpenAsync(_options);
        return _store.Journal;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _store!.DisposeAsync();
    }
}
