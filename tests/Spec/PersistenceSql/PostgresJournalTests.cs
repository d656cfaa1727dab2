using System.Runtime.Versioning;
using Picket.Actors.Persistence.Journal;
using Picket.Actors.Persistence.Sql.Postgres;
using Picket.Spec.Persistence;

namespace Picket.Spec.PersistenceSql;

[Collection(PostgresCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class PostgresJournalTests(PostgresFixture server) : JournalConformance
{
    private readonly Reopened<PostgresStore> _store = server.NewStore();

    protected override object? Unstorable => new object();

    protected override async Task<IEventJournal> OpenAsync() => (await _store.OpenAsync()).Journal;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _store.DisposeAsync();
    }
}
