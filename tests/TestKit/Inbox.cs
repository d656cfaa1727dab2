namespace Picket.Actors.TestKit;

/// <summary>What a test actor keeps for its test, first in, first out.</summary>
internal sealed class Inbox
{
    private readonly Lock _sync = new();
    private readonly Queue<MessageEnvelope> _kept = [];
    private TaskCompletionSource? _arrival;

    public int Count
    {
        get
        {
            lock (_sync) return _kept.Count;
        }
    }

    public void Add(MessageEnvelope envelope)
    {
        TaskCompletionSource? arrival;
        lock (_sync)
        {
            _kept.Enqueue(envelope);
            (arrival, _arrival) = (_arrival, null);
        }

        arrival?.SetResult();
    }

    public MessageEnvelope? Take()
    {
        lock (_sync) return _kept.TryDequeue(out var envelope) ? envelope : null;
    }

    public MessageEnvelope? Peek()
    {
        lock (_sync) return _kept.TryPeek(out var envelope) ? envelope : null;
    }

    /// <summary>Waits until there is something.</summary>
    /// <returns>False when the time or the token came first.</returns>
    public async ValueTask<bool> Wait(TimeSpan max, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (Count > 0) return true;
        if (max == TimeSpan.Zero || cancellationToken.IsCancellationRequested) return false;
        using var patience = new Patience(max, clock, cancellationToken);
        while (true)
        {
            Task arrived;
            lock (_sync)
            {
                if (_kept.Count > 0) return true;
                if (patience.Over.IsCompleted) return false;
                arrived = (_arrival ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            await Task.WhenAny(arrived, patience.Over).ConfigureAwait(false);
        }
    }
}
