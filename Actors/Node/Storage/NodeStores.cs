using Picket.Actors.Persistence.Serialization;
using Picket.Actors.Persistence.Sql.Postgres;
using Picket.Actors.Persistence.Sql.Sqlite;
using Picket.Detection.Context.Ancestry;
using Picket.Node.Options;

namespace Picket.Node.Storage;

/// <summary>The databases that a node can have, and the types that lie in them.</summary>
internal static class NodeStores
{
    private static readonly EventSerializers Serializers = EventSerializers.Default
        .Add<AncestryChanged>(AncestryForm.ChangeManifest, AncestryForm.Write, AncestryForm.ReadChange)
        .Add<AncestrySnapshot>(AncestryForm.SnapshotManifest, AncestryForm.Write, AncestryForm.ReadSnapshot);

    /// <summary>The configured one, not open yet; null for none.</summary>
    public static NodeStore? Of(StoreOptions options, TimeProvider time) => options switch
    {
        { Sqlite: { } sqlite } => new NodeStore(_ => Task.FromResult(Open(sqlite with { Serializers = Serializers, Time = time }))),
        { Postgres: { } postgres } =>
            new NodeStore(cancellation => OpenAsync(postgres with { Serializers = Serializers, Time = time }, cancellation)),
        _ => null,
    };

    private static OpenStore Open(SqliteOptions options)
    {
        var store = SqliteStore.Open(options);
        return new OpenStore(store.Journal, store.Snapshots, store);
    }

    private static async Task<OpenStore> OpenAsync(PostgresOptions options, CancellationToken cancellationToken)
    {
        var store = await PostgresStore.OpenAsync(options, cancellationToken).ConfigureAwait(false);
        return new OpenStore(store.Journal, store.Snapshots, store);
    }
}
