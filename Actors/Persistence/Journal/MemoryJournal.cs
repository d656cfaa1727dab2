using System.Runtime.CompilerServices;

namespace Picket.Actors.Persistence.Journal;

/// <summary>
/// A journal in the memory of the process that keeps events as the objects they are. It may be given to more than one actor system, at
/// the same time or one after the other, and outlives them: disposing of it does nothing.
/// </summary>
public sealed class MemoryJournal : IEventJournal
{
    private readonly Lock _sync = new();
    private readonly Dictionary<string, History> _histories = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Exception?>> WriteAsync(IReadOnlyList<AtomicWrite> writes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(writes);
        var results = new Exception?[writes.Count];
        var conflicts = new Dictionary<string, JournalConflictException>(StringComparer.Ordinal);
        lock (_sync)
        {
            for (var i = 0; i < writes.Count; i++)
            {
                var write = writes[i];
                var history = Of(write.PersistenceId);
                if (conflicts.TryGetValue(write.PersistenceId, out var conflict) || write.LowestSequenceNr <= history.Highest)
                {
                    results[i] = conflicts[write.PersistenceId] =
                        conflict ?? new JournalConflictException(write.PersistenceId, write.LowestSequenceNr);
                    continue;
                }

                history.Events.AddRange(write.Payload);
                history.Highest = write.HighestSequenceNr;
            }
        }

        return Task.FromResult<IReadOnlyList<Exception?>>(results);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Persistent> ReplayAsync(
        string persistenceId, long from, long to, long max, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Persistent[] events;
        lock (_sync)
        {
            if (!_histories.TryGetValue(persistenceId, out var history)) yield break;
            from = Math.Max(from, history.DeletedTo + 1);
            events = [.. history.Events.Where(e => e.SequenceNr >= from && e.SequenceNr <= to)];
        }

        var expected = from;
        foreach (var e in events)
        {
            if (max-- <= 0) yield break;
            cancellationToken.ThrowIfCancellationRequested();
            if (e.SequenceNr != expected)
                throw new JournalCorruptException($"event {expected} is missing", "memory", persistenceId, expected);
            expected++;
            yield return e;
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<long> ReadHighestSequenceNrAsync(string persistenceId, CancellationToken cancellationToken)
    {
        lock (_sync) return Task.FromResult(_histories.GetValueOrDefault(persistenceId)?.Highest ?? 0);
    }

    /// <inheritdoc/>
    public Task DeleteToAsync(string persistenceId, long toSequenceNr, CancellationToken cancellationToken)
    {
        lock (_sync)
        {
            if (!_histories.TryGetValue(persistenceId, out var history)) return Task.CompletedTask;
            history.DeletedTo = Math.Max(history.DeletedTo, Math.Min(toSequenceNr, history.Highest));
            history.Events.RemoveAll(e => e.SequenceNr <= history.DeletedTo);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => default;

    private History Of(string persistenceId)
    {
        if (!_histories.TryGetValue(persistenceId, out var history)) _histories.Add(persistenceId, history = new History());
        return history;
    }

    private sealed class History
    {
        public List<Persistent> Events { get; } = [];

        public long Highest { get; set; }

        public long DeletedTo { get; set; }
    }
}
