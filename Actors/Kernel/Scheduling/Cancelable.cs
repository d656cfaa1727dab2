namespace Picket.Actors;

/// <summary>A cancelable for the scheduler; what is cancelled after a while follows the scheduler's clock.</summary>
public sealed class Cancelable : ICancelable, IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly TimeProvider _time;
    private ITimer? _later;

    /// <summary>Not yet cancelled.</summary>
    public Cancelable(IScheduler scheduler) : this(scheduler, new CancellationTokenSource()) { }

    /// <summary>Not yet cancelled.</summary>
    public Cancelable(IActionScheduler scheduler) : this(scheduler, new CancellationTokenSource()) { }

    /// <summary>Cancelled after <paramref name="delay"/>.</summary>
    public Cancelable(IScheduler scheduler, TimeSpan delay) : this(scheduler) => CancelAfter(delay);

    /// <summary>Cancelled after <paramref name="delay"/>.</summary>
    public Cancelable(IActionScheduler scheduler, TimeSpan delay) : this(scheduler) => CancelAfter(delay);

    /// <summary>Cancelled after so many milliseconds.</summary>
    public Cancelable(IScheduler scheduler, int millisecondsDelay) : this(scheduler) => CancelAfter(millisecondsDelay);

    private Cancelable(object? scheduler, CancellationTokenSource source)
    {
        _time = (scheduler as Scheduler)?.TimeProvider ?? TimeProvider.System;
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
        Link(scheduler, Array.ConvertAll(cancelables, static c => c.Token));

    /// <summary>Cancelled with the first of these.</summary>
    public static ICancelable CreateLinkedCancelable(IScheduler scheduler, params CancellationToken[] cancellationTokens) =>
        Link(scheduler, cancellationTokens);

    /// <summary>Cancelled with the first of these.</summary>
    public static ICancelable CreateLinkedCancelable(IActionScheduler scheduler, params ICancelable[] cancelables) =>
        Link(scheduler, Array.ConvertAll(cancelables, static c => c.Token));

    /// <summary>Cancelled with the first of these.</summary>
    public static ICancelable CreateLinkedCancelable(IActionScheduler scheduler, params CancellationToken[] cancellationTokens) =>
        Link(scheduler, cancellationTokens);

    /// <inheritdoc/>
    public void Cancel() => Cancel(false);

    /// <inheritdoc/>
    public void Cancel(bool throwOnFirstException) => _source.Cancel(throwOnFirstException);

    /// <inheritdoc/>
    public void CancelAfter(TimeSpan delay)
    {
        _later?.Dispose();
        _later = _time.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), _source, delay, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public void CancelAfter(int millisecondsDelay) => CancelAfter(TimeSpan.FromMilliseconds(millisecondsDelay));

    /// <summary>Frees the timer of <see cref="CancelAfter(TimeSpan)"/>.</summary>
    public void Dispose()
    {
        IsDisposed = true;
        _later?.Dispose();
        _source.Dispose();
    }

    private static Cancelable Link(object scheduler, CancellationToken[] tokens) =>
        new(scheduler, CancellationTokenSource.CreateLinkedTokenSource(tokens));
}
