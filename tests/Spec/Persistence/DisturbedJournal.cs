using System.Runtime.CompilerServices;
using Picket.Actors.Persistence;
using Picket.Actors.Persistence.Journal;

namespace Picket.Spec.Persistence;

/// <summary>A journal in memory that can be held, can fail before or after storing, reject, tear a replay, and counts its calls.</summary>
internal sealed class DisturbedJournal : IEventJournal
{
    private readonly Lock _sync = new();
    private readonly List<int> _calls = [];
    private TaskCompletionSource? _held;
    private int _disposed;

    public MemoryJournal Inner { get; } = new();

    /// <summary>What a write waits for.</summary>
    public Func<Task>? Delay { get; set; }

    /// <summary>What a write comes to before it is stored: throws to fail it.</summary>
    public Action<IReadOnlyList<AtomicWrite>>? BeforeWrite { get; set; }

    /// <summary>What a write comes to when it is stored: throws to lose the answer.</summary>
    public Action<IReadOnlyList<AtomicWrite>>? AfterWrite { get; set; }

    /// <summary>Payloads that are rejected.</summary>
    public Predicate<object>? Reject { get; set; }

    /// <summary>What each replayed event comes to.</summary>
    public Func<Persistent, CancellationToken, Task<Persistent>>? OnReplay { get; set; }

    /// <summary>Events after which a replay ends as if there were no more.</summary>
    public int EndsReplayAfter { get; set; } = int.MaxValue;

    /// <summary>What a delete comes to.</summary>
    public Action? BeforeDelete { get; set; }

    public bool IgnoresCancellation { get; set; }

    public int Disposed => Volatile.Read(ref _disposed);

    /// <summary>Events in each call of WriteAsync.</summary>
    public int[] Calls
    {
        get
        {
            lock (_sync) return [.. _calls];
        }
    }

    /// <summary>Writes that begin from now on wait for <see cref="LetAllPass"/>.</summary>
    public void Hold()
    {
        lock (_sync) _held ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public void LetAllPass()
    {
        lock (_sync)
        {
            _held?.TrySetResult();
            _held = null;
        }
    }

    public async Task<IReadOnlyList<Exception?>> WriteAsync(IReadOnlyList<AtomicWrite> writes, CancellationToken cancellationToken)
    {
        Task held;
        lock (_sync)
        {
            _calls.Add(writes.Sum(write => write.Size));
            held = _held?.Task ?? Task.CompletedTask;
        }

        await held.WaitAsync(IgnoresCancellation ? CancellationToken.None : cancellationToken);
        if (Delay is not null) await Delay();
        BeforeWrite?.Invoke(writes);
        var rejected = writes.Select(write => write.Payload.FirstOrDefault(e => Reject?.Invoke(e.Payload) == true)).ToArray();
        var marked = writes.Select((write, i) => rejected[i] is null ? write : new AtomicWrite([.. write.Payload.Select(e => e with { Payload = "", IsDeleted = true })])).ToArray();
        var results = await Inner.WriteAsync(marked, cancellationToken);
        AfterWrite?.Invoke(writes);
        return [.. results.Select((result, i) => result ?? (rejected[i] is { } e ? new ArgumentException($"cannot store {e.Payload}") : null))];
    }

    public async IAsyncEnumerable<Persistent> ReplayAsync(
        string persistenceId, long from, long to, long max, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var left = EndsReplayAfter;
        await foreach (var e in Inner.ReplayAsync(persistenceId, from, to, max, cancellationToken))
        {
            if (left-- == 0) yield break;
            yield return OnReplay is null ? e : await OnReplay(e, cancellationToken);
        }
    }

    public Task<long> ReadHighestSequenceNrAsync(string persistenceId, CancellationToken cancellationToken) =>
        Inner.ReadHighestSequenceNrAsync(persistenceId, cancellationToken);

    public Task DeleteToAsync(string persistenceId, long toSequenceNr, CancellationToken cancellationToken)
    {
        BeforeDelete?.Invoke();
        return Inner.DeleteToAsync(persistenceId, toSequenceNr, cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        Interlocked.Increment(ref _disposed);
        return default;
    }

    /// <summary>The payloads of a history.</summary>
    public object[] Stored(string id) => [.. Events(id).Where(e => !e.IsDeleted).Select(e => e.Payload)];

    /// <summary>A history.</summary>
    public List<Persistent> Events(string id) =>
        Inner.ReplayAsync(id, 1, long.MaxValue, long.MaxValue, CancellationToken.None).ToBlockingEnumerable().ToList();

    /// <summary>Writes a history from outside of any actor.</summary>
    public void Plant(string id, params Persistent[] events)
    {
        foreach (var e in events) Assert.Null(Inner.WriteAsync([new AtomicWrite(e with { PersistenceId = id })], CancellationToken.None).Result[0]);
    }
}
