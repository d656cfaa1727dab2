using Picket.Actors.Persistence.Journal;

namespace Picket.Actors.Persistence.Writing;

/// <summary>
/// Leaves a failing store alone: after so many failures in a row calls are refused for a while, then one is let through, and what becomes
/// of it decides. Any thread may use it.
/// </summary>
/// <remarks>The kernel's CircuitBreaker cannot stand here. It counts a call when it is late, and a write that is late goes on: its outcome
/// is not known before it ends, so that letting in and taking note are apart. And it closes again by the system's scheduler, which stands
/// still when the system ends, while what was accepted is being stored.</remarks>
internal sealed class StoreCircuit(CircuitBreakerOptions options, TimeProvider time)
{
    private readonly Lock _sync = new();
    private int _failures;
    private long? _opened;
    private bool _trying;

    /// <summary>Runs a call on the store, no longer than the time-out: then its token is cancelled and the caller is told.</summary>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> call)
    {
        Enter();
        using var limit = new CancellationTokenSource(options.CallTimeout, time);
        try
        {
            var answer = await AnswerAsync(call, limit).ConfigureAwait(false);
            Leave(failed: false);
            return answer;
        }
        catch
        {
            Leave(failed: true);
            throw;
        }
    }

    /// <summary>Refuses or lets through.</summary>
    /// <exception cref="JournalException">The circuit is open.</exception>
    public void Enter()
    {
        lock (_sync)
        {
            if (_opened is not { } opened) return;
            var rest = options.ResetTimeout - time.GetElapsedTime(opened);
            if (rest > TimeSpan.Zero || _trying)
            {
                throw new JournalException(
                    $"the store failed {_failures} times in a row and is left alone for another {Math.Max(0, rest.TotalSeconds):0.0} s");
            }

            _trying = true;
        }
    }

    /// <summary>Takes note of what became of a call.</summary>
    public void Leave(bool failed)
    {
        lock (_sync)
        {
            _trying = false;
            if (!failed)
            {
                _failures = 0;
                _opened = null;
            }
            else if (++_failures >= options.MaxFailures)
            {
                _opened = time.GetTimestamp();
            }
        }
    }

    private async Task<T> AnswerAsync<T>(Func<CancellationToken, Task<T>> call, CancellationTokenSource limit)
    {
        var answer = call(limit.Token);
        try
        {
            return await answer.WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested)
        {
            throw new JournalException($"the store did not answer within {options.CallTimeout.TotalSeconds:0.###} s", e);
        }
    }
}
