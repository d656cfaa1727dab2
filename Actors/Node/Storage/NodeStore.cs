using System.Runtime.CompilerServices;
using Picket.Actors.Persistence;
using Picket.Actors.Persistence.Journal;
using Picket.Actors.Persistence.Snapshot;
using Picket.Actors.Persistence.Sql;

namespace Picket.Node.Storage;

/// <summary>
/// The node's database, opened by who first needs it. What cannot be opened fails that call alone and is tried again by the next, so that a
/// full disk, a damaged file or a server that is away keeps no node from watching. Any thread may use it.
/// </summary>
/// <param name="open">Opens the database.</param>
internal sealed class NodeStore(Func<CancellationToken, Task<OpenStore>> open) : IEventJournal, ISnapshotStore
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closing = new();
    private Task<OpenStore>? _opened;

    /// <summary>Begins to open it, so that the first call finds it open. What fails here is tried again by that call.</summary>
    public void Prepare() => _ = OpenAsync();

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Exception?>> WriteAsync(IReadOnlyList<AtomicWrite> writes, CancellationToken cancellationToken)
    {
        var store = await OpenAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        return await store.Journal.WriteAsync(writes, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Persistent> ReplayAsync(
        string persistenceId, long from, long to, long max, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var store = await OpenAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        var events = store.Journal.ReplayAsync(persistenceId, from, to, max, cancellationToken);
        await foreach (var one in events.ConfigureAwait(false)) yield return one;
    }

    /// <inheritdoc/>
    public async Task<long> ReadHighestSequenceNrAsync(string persistenceId, CancellationToken cancellationToken)
    {
        var store = await OpenAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        return await store.Journal.ReadHighestSequenceNrAsync(persistenceId, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task DeleteToAsync(string persistenceId, long toSequenceNr, CancellationToken cancellationToken)
    {
        var store = await OpenAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        await store.Journal.DeleteToAsync(persistenceId, toSequenceNr, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<SelectedSnapshot?> LoadAsync(
        string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken)
    {
        var store = await OpenAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        return await store.Snapshots.LoadAsync(persistenceId, criteria, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task SaveAsync(SnapshotMetadata metadata, object snapshot, CancellationToken cancellationToken)
    {
        var store = await OpenAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        await store.Snapshots.SaveAsync(metadata, snapshot, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(SnapshotMetadata metadata, CancellationToken cancellationToken)
    {
        var store = await OpenAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        await store.Snapshots.DeleteAsync(metadata, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken)
    {
        var store = await OpenAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        await store.Snapshots.DeleteAsync(persistenceId, criteria, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Closes it; what asks later fails.</summary>
    public async ValueTask DisposeAsync()
    {
        Task<OpenStore>? opened;
        lock (_gate)
        {
            if (_closing.IsCancellationRequested) return;
            _closing.Cancel();
            opened = _opened;
        }

        if (opened is null) return;
        await ((Task)opened).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (opened.IsCompletedSuccessfully) await opened.Result.Owner.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>One attempt at a time, which all share; after one that failed the next who asks begins another.</summary>
    private Task<OpenStore> OpenAsync()
    {
        lock (_gate)
        {
            if (_closing.IsCancellationRequested)
                return Task.FromException<OpenStore>(new SqlStoreException(SqlFailure.Closed, "the store is closed", "the node"));
            if (_opened is null or { IsFaulted: true } or { IsCanceled: true })
            {
                var closing = _closing.Token;
                _opened = Task.Run(() => open(closing));
            }

            return _opened;
        }
    }
}
