using System.Diagnostics;

namespace Picket.Actors.TestKit;

/// <summary>
/// A time that is over by the wall clock. On a system with a clock of its own it is also over when that clock has passed it and what
/// this set off has had a moment to arrive; and it is over after <see cref="Longest"/> of wall time in any case, as a clock that only a test
/// moves may never come there. It starts no timer on that clock: a test may count those.
/// </summary>
internal sealed class Patience : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenRegistration _cancelled;
    private readonly ITimer? _wall;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _max;
    private readonly long _began;
    private readonly long _beganByWall = Stopwatch.GetTimestamp();
    private long _passed;

    public Patience(TimeSpan max, TimeProvider clock, CancellationToken cancellationToken)
    {
        _max = max;
        _clock = clock;
        _began = clock.GetTimestamp();
        _cancelled = cancellationToken.UnsafeRegister(static over => ((TaskCompletionSource)over!).TrySetResult(), _over);
        if (max == Timeout.InfiniteTimeSpan) return;
        _wall = clock == TimeProvider.System
            ? clock.CreateTimer(static over => ((TaskCompletionSource)over!).TrySetResult(), _over, max, Timeout.InfiniteTimeSpan)
            : TimeProvider.System.CreateTimer(static self => ((Patience)self!).LookAtClocks(), this, max < Look ? max : Look, Look);
    }

    public Task Over => _over.Task;

    public void Dispose()
    {
        _wall?.Dispose();
        _cancelled.Dispose();
    }

    private void LookAtClocks()
    {
        if (_passed == 0 && _clock.GetElapsedTime(_began) >= _max) _passed = Stopwatch.GetTimestamp();
        var waited = Stopwatch.GetElapsedTime(_beganByWall);
        if (waited >= _max || waited >= Longest || (_passed != 0 && Stopwatch.GetElapsedTime(_passed) >= Moment)) _over.TrySetResult();
    }
}
