using Picket.Actors.Persistence.Journal;

namespace Picket.Actors.Persistence.Writing;

/// <summary>
/// Group commit: while one write is under way, others gather; the next takes all of them up to the bounds. All but <see cref="Intake"/>
/// and <see cref="Drained"/> belongs to the journal actor's turns, and after its end to <see cref="Drain"/>.
/// </summary>
internal sealed class WritePump(IEventJournal journal, PersistenceOptions options, StoreCircuit circuit, TimeProvider time)
{
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<QuietRequest> _waiting = [];
    private WriteBatch? _batch;
    private Task _write = Task.CompletedTask;

    /// <summary>Where actors leave their writes.</summary>
    public WriteIntake Intake { get; } = new();

    /// <summary>Ends when the journal actor has ended and what was accepted is stored or has failed.</summary>
    public Task Drained => _drained.Task;

    /// <summary>Begins the next write unless one is under way.</summary>
    public void Start(IActorRef self)
    {
        while (_batch is null && !Intake.IsEmpty)
        {
            Begin(() => self.Tell(WritesWaiting.Instance, ActorRefs.NoSender));
            if (_write.IsCompleted) _batch = null;
            else TellEnd(self);
        }

        if (_batch is { IsLate: true } && !_write.IsCompleted) RefuseWaiting();

        RunQuiet();
    }

    /// <summary>The write has ended: what waited for it may go on.</summary>
    public void End(IActorRef self)
    {
        if (!_write.IsCompleted) return;
        _batch = null;
        Start(self);
    }

    /// <summary>Runs a request when no write of its id is left.</summary>
    public void RunWhenQuiet(QuietRequest request)
    {
        if (IsQuiet(request.PersistenceId)) request.Run();
        else _waiting.Add(request);
    }

    /// <summary>Writes what is left.</summary>
    public void Drain() => Task.Run(DrainAsync);

    private async Task DrainAsync()
    {
        await _write.ConfigureAwait(false);
        while (!Intake.IsEmpty)
        {
            Begin(static () => { });
            await _write.ConfigureAwait(false);
        }

        _drained.TrySetResult();
    }

    /// <summary>Without another thread between: at low load each of them is a large part of the time that a write takes.</summary>
    private void TellEnd(IActorRef self) => _write.ContinueWith(
        _ => self.Tell(WriteEnded.Instance, ActorRefs.NoSender),
        CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    /// <summary>The store is late and its callers have been told: nobody else shall wait for it.</summary>
    private void RefuseWaiting()
    {
        while (!Intake.IsEmpty)
        {
            new WriteBatch(Intake.Take(int.MaxValue, long.MaxValue)).Fail(
                new JournalException("the journal has not yet answered an earlier write that was given up"));
        }
    }

    private void Begin(Action whenLate)
    {
        var batch = new WriteBatch(Intake.Take(options.MaxWriteEvents, options.MaxWriteBytes));
        if (batch.Writes.Count == 0)
        {
            batch.Answer([]);
            return;
        }

        _batch = batch;
        _write = WriteAsync(batch, whenLate);
    }

    /// <summary>
    /// One write with its answers. It ends only when the store has ended: a store that is late has failed for its callers, but nothing
    /// else may be written, and none of these ids replayed, while it might still store. It never throws.
    /// </summary>
    private async Task WriteAsync(WriteBatch batch, Action whenLate)
    {
        try
        {
            circuit.Enter();
        }
        catch (JournalException open)
        {
            batch.Fail(open);
            return;
        }

        using var limit = new CancellationTokenSource(options.CircuitBreaker.CallTimeout, time);
        var late = new JournalException($"the journal did not answer within {options.CircuitBreaker.CallTimeout.TotalSeconds:0.###} s");
        await using var alarm = limit.Token.Register(() =>
        {
            batch.FailLate(late);
            whenLate();
        }).ConfigureAwait(false);
        try
        {
            var results = await journal.WriteAsync(batch.Writes, limit.Token).ConfigureAwait(false);
            if (results.Count != batch.Writes.Count)
                throw new JournalException($"the journal answered {results.Count} of {batch.Writes.Count} writes");
            circuit.Leave(failed: limit.IsCancellationRequested);
            batch.Answer(results);
        }
        catch (Exception e)
        {
            // Whatever a store throws: the actors are told that nothing is known.
            circuit.Leave(failed: true);
            batch.Fail(e);
        }
    }

    private bool IsQuiet(string persistenceId) => _batch?.Contains(persistenceId) != true && !Intake.Contains(persistenceId);

    private void RunQuiet()
    {
        if (_waiting.Count == 0) return;
        var ready = _waiting.FindAll(request => IsQuiet(request.PersistenceId));
        _waiting.RemoveAll(ready.Contains);
        foreach (var request in ready) request.Run();
    }
}
