namespace Picket.Actors;

/// <summary>A cancelable for the scheduler.</summary>
public sealed class Cancelable : ICancelable, IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly TimeProvider _time;
    private ITimer? _later;

    /// <summary>Not yet cancelled; <see cref="CancelAfter(TimeSpan)"/> follows the scheduler's clock.</summary>
    public Cancelable(IScheduler scheduler)
    {
        _time = (scheduler as Scheduler)?.TimeProvider ?? TimeProvider.System;
        _source = new CancellationTokenSource();
    }

    /// <summary>Cancelled after <paramref name="delay"/>.</summary>
    public Cancelable(IScheduler scheduler, TimeSpan delay) : this(scheduler) => CancelAfter(delay);

    /// <inheritdoc/>
    public bool IsCancellationRequested => _source.IsCancellationRequested;

    /// <inheritdoc/>
    public CancellationToken Token => _source.Token;

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
        _later?.Dispose();
        _source.Dispose();
    }
}
