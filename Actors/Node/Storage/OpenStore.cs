using Picket.Actors.Persistence.Journal;
using Picket.Actors.Persistence.Snapshot;

namespace Picket.Node.Storage;

/// <summary>A database that is open.</summary>
/// <param name="Journal">Its events.</param>
/// <param name="Snapshots">Its snapshots.</param>
/// <param name="Owner">Closes both.</param>
internal sealed record OpenStore(IEventJournal Journal, ISnapshotStore Snapshots, IAsyncDisposable Owner);
