using Picket.Actors.Persistence.Snapshot;

namespace Picket.Spec.Persistence;

public sealed class MemorySnapshotStoreTests : SnapshotConformance
{
    private readonly MemorySnapshotStore _store = new();

    protected override Task<ISnapshotStore> OpenAsync() => Task.FromResult<ISnapshotStore>(_store);
}
