using Picket.Actors.Refs;

namespace Picket.Actors.Cells;

/// <summary>The receive time-out. A message only notes the time; the timer looks at it when it fires.</summary>
internal sealed class IdleTimer : IDisposable
{
    private readonly LocalActorRef _self;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private long _lastActivity;
    private volatile bool _disposed;

    public IdleTimer(LocalActorRef self, TimeSpan timeout, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero);
        _self = self;
        _time = time;
        Timeout = timeout;
        _lastActivity = time.GetTimestamp();
        _timer = time.CreateTimer(static state => ((IdleTimer)state!).Fire(), this, System.Threading.Timeout.InfiniteTimeSpan,
            System.Threading.Timeout.InfiniteTimeSpan);
        _timer.Change(timeout, System.Threading.Timeout.InfiniteTimeSpan);
    }

    public TimeSpan Timeout { get; }

    public void Touch() => Volatile.Write(ref _lastActivity, _time.GetTimestamp());

    public void Dispose()
    {
        _disposed = true;
        _timer.Dispose();
    }

    private void Fire()
    {
        if (_disposed) return;
        var left = Timeout - _time.GetElapsedTime(Volatile.Read(ref _lastActivity));
        if (left <= TimeSpan.Zero)
        {
            Touch();
            left = Timeout;
            _self.Mailbox.PostUnbounded(ReceiveTimeout.Instance, null);
        }

        _timer.Change(left < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : left, System.Threading.Timeout.InfiniteTimeSpan);
    }
}
