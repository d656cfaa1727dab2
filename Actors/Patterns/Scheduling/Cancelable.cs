namespace Picket.Actors;

/// <summary>A cancelable for the scheduler; what is cancelled after a while follows the scheduler's clock.</summary>
public sealed class Cancelable : ICancelable, IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly IActionScheduler? _scheduler;
    private Cancelable? _later;

    /// <summary>Not yet cancelled.</summary>
    public Cancelable(IScheduler scheduler) : this(scheduler.Advanced, new CancellationTokenSource()) { }

    /// <summary>Not yet cancelled.</summary>
    public Cancelable(IActionScheduler scheduler) : this(scheduler, new CancellationTokenSource()) { }

    /// <summary>Cancelled after <paramref name="delay"/>.</summary>
    public Cancelable(IScheduler scheduler, TimeSpan delay) : this(scheduler) => CancelAfter(delay);

    /// <summary>Cancelled after <paramref name="delay"/>.</summary>
    public Cancelable(IActionScheduler scheduler, TimeSpan delay) : this(scheduler) => CancelAfter(delay);

    /// <summary>Cancelled after so many milliseconds.</summary>
    public Cancelable(IScheduler scheduler, int millisecondsDelay) : this(scheduler) => CancelAfter(millisecondsDelay);

    private Cancelable(IActionScheduler? scheduler, CancellationTokenSource source)
    {
        _scheduler = scheduler;
        _source = source;
    }

    /// <inheritdoc/>
    public bool IsCancellationRequested => _source.IsCancellationRequested;

    /// <inheritdoc/>
    public CancellationToken Token => _source.Token;

    /// <summary>True after <see cref="Dispose"/>.</summary>
    public bool IsDisposed { get; private set; }

    /// <summary>One that is cancelled already.</summary>
    public static ICancelable CreateCanceled()
    {
        var cancelled = new Cancelable(null, new CancellationTokenSource());
        cancelled.Cancel();
        return cancelled;
    }

    /// <summary>Cancelled with the first of these.</summary>
    public static ICancelable CreateLinkedCancelable(IScheduler scheduler, params ICancelable[] cancelables) =>
        CreateLinkedCancelable(scheduler.Advanced, cancelables);

    /// <summary>Cancelled with the first of these.</summary>
    public static ICancelable CreateLinkedCancelable(IScheduler scheduler, params CancellationToken[] cancellationTokens) =>
        CreateLinkedCancelable(scheduler.Advanced, cancellationTokens);

    /// <summary>Cancelled with the first of these.</summary>
    public static ICancelable CreateLinkedCancelable(IActionScheduler scheduler, params ICancelable[] cancelables) =>
        CreateLinkedCancelable(scheduler, Array.ConvertAll(cancelables, static c => c.Token));

    /// <summary>Cancelled with the first of these.</summary>
    public static ICancelable CreateLinkedCancelable(IActionScheduler scheduler, params CancellationToken[] cancellationTokens) =>
        new Cancelable(scheduler, CancellationTokenSource.CreateLinkedTokenSource(cancellationTokens));

    /// <inheritdoc/>
    public void Cancel() => Cancel(false);

    /// <inheritdoc/>
    public void Cancel(bool throwOnFirstException) => _source.Cancel(throwOnFirstException);

    /// <inheritdoc/>
    public void CancelAfter(TimeSpan delay)
    {
        _later?.Cancel();
        if (delay == Timeout.InfiniteTimeSpan) return;
        _later = new Cancelable(null, new CancellationTokenSource());
        _scheduler?.ScheduleOnce(delay, Expire, _later);
    }

    /// <inheritdoc/>
    public void CancelAfter(int millisecondsDelay) => CancelAfter(TimeSpan.FromMilliseconds(millisecondsDelay));

    /// <summary>Ends what <see cref="CancelAfter(TimeSpan)"/> began.</summary>
    public void Dispose()
    {
        IsDisposed = true;
        _later?.Cancel();
        _source.Dispose();
    }

    private void Expire()
    {
        try
        {
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Disposed at the same moment: nobody waits for it any more.
        }
    }
}
