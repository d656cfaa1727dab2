using Picket.Actors.Persistence.Journal;

namespace Picket.Actors.Persistence.Recovering;

/// <summary>
/// Reads one history for one recovery, a few batches ahead of the actor, and proves that no number is missing. The store proves it too;
/// this holds for every store.
/// </summary>
internal sealed class Replay(RecoveryRun run, string persistenceId, long from, long to, long max)
{
    private const int BatchSize = 128;

    private readonly List<Persistent> _released = [];
    private List<Persistent> _batch = new(BatchSize);
    private long _last;

    public string PersistenceId => persistenceId;

    /// <summary>Tells the actor all events and then the end, or why there is none. It does not throw.</summary>
    public async Task RunAsync(PersistenceExtension extension)
    {
        try
        {
            var highest = await extension.ReadHighestAsync(persistenceId).ConfigureAwait(false);
            var last = Math.Min(to, highest);
            if (last > 0 && from <= last && max > 0) await ReadAsync(extension, last).ConfigureAwait(false);
            run.Actor.Owe(new ReplayEnded(run, highest));
        }
        catch (OperationCanceledException) when (run.Stopped.IsCancellationRequested)
        {
            // The actor no longer wants it.
        }
        catch (Exception e)
        {
            // Whatever a store throws fails the recovery.
            run.Actor.Owe(new RecoveryFailed(run, e));
        }
    }

    private async Task ReadAsync(PersistenceExtension extension, long last)
    {
        var filter = new ReplayFilter(extension.Options.ReplayFilter, extension.Warn);
        var read = 0L;
        var events = extension.Journal.ReplayAsync(persistenceId, from, last, max, run.Stopped).GetAsyncEnumerator(run.Stopped);
        await using (events.ConfigureAwait(false))
        {
            while (await events.MoveNextAsync().ConfigureAwait(false))
            {
                read++;
                run.Saw();
                filter.Add(events.Current, _released);
                await ReleaseAsync(filter.LetsAllPass).ConfigureAwait(false);
            }
        }

        filter.End(_released);
        await ReleaseAsync(filter.LetsAllPass).ConfigureAwait(false);
        if (_batch.Count > 0) await SendAsync().ConfigureAwait(false);
        if (_last > 0 && _last < last && read < max && !filter.LeftOut) throw Missing(_last + 1);
    }

    private async ValueTask ReleaseAsync(bool repetitionsPass)
    {
        foreach (var e in _released)
        {
            if (e.PersistenceId != persistenceId)
            {
                throw new JournalCorruptException(
                    $"an event of [{e.PersistenceId}] came for another persistence id", "journal", persistenceId, e.SequenceNr);
            }

            if (_last > 0 && e.SequenceNr > _last + 1) throw Missing(_last + 1);
            if (e.SequenceNr < from || (e.SequenceNr <= _last && !repetitionsPass))
            {
                throw new JournalCorruptException(
                    $"event {e.SequenceNr} came where {Math.Max(from, _last + 1)} or a later one is due",
                    "journal",
                    persistenceId,
                    e.SequenceNr);
            }

            _last = Math.Max(_last, e.SequenceNr);
            _batch.Add(e);
            if (_batch.Count == BatchSize) await SendAsync().ConfigureAwait(false);
        }

        _released.Clear();
    }

    private async ValueTask SendAsync()
    {
        await run.Credit.WaitAsync(run.Stopped).ConfigureAwait(false);
        run.Actor.Owe(new EventsReplayed(run, _batch));
        _batch = new List<Persistent>(BatchSize);
    }

    private JournalCorruptException Missing(long number) => new($"event {number} is missing", "journal", persistenceId, number);
}
