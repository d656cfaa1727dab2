using System.Collections.Concurrent;
using Picket.Actors.Event;

namespace Picket.Actors;

/// <summary>
/// The scheduler over a <see cref="System.TimeProvider"/>: each schedule is one timer, and those of a <see cref="Pulse"/> share one.
/// </summary>
internal sealed class Scheduler(ActorSystem system) : IScheduler, IAdvancedScheduler
{
    private readonly ConcurrentDictionary<TimeSpan, Pulse> _pulses = new();
    private volatile bool _stopped;

    public TimeProvider TimeProvider => system.TimeProvider;

    public DateTimeOffset Now => TimeProvider.GetUtcNow();

    public TimeSpan MonotonicClock => TimeProvider.GetElapsedTime(0);

    public TimeSpan HighResMonotonicClock => MonotonicClock;

    public IAdvancedScheduler Advanced => this;

    public static void RefuseLease(object message)
    {
        if (message is ILease)
            throw new ArgumentException("a lease cannot be scheduled: what is pooled must not wait for a clock", nameof(message));
    }

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable = null)
    {
        RefuseLease(message);
        Start(delay, null, () => receiver.Tell(message, sender), cancelable);
    }

    public void ScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable = null)
    {
        RefuseLease(message);
        Start(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);
    }

    public void ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable = null) => Start(delay, null, action, cancelable);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable = null) =>
        Start(initialDelay, interval, action, cancelable);

    public void Stop() => _stopped = true;

    /// <summary>A schedule that its maker may end itself.</summary>
    public Entry Start(TimeSpan delay, TimeSpan? interval, Action action, ICancelable? cancelable = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        if (interval is { } every) ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(every, TimeSpan.Zero, nameof(interval));
        var entry = new Entry(this, action, cancelable);
        if (cancelable is not { IsCancellationRequested: true } && !_stopped) entry.Start(delay, interval);
        return entry;
    }

    /// <summary>A schedule at whole multiples of the interval, with one timer for all of the same interval.</summary>
    public Entry StartPulse(TimeSpan interval, Action action)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        var entry = new Entry(this, action, null);
        if (!_stopped) entry.Start(_pulses.GetOrAdd(interval, static (every, owner) => new Pulse(owner, every), this));
        return entry;
    }

    /// <summary>A timer that does not run yet: by the real clock one of the kernel's own, else one of the clock that was given.</summary>
    public ITimer CreateTimer(TimerCallback callback, object state) => TimeProvider == TimeProvider.System
        ? TimerThread.Shared.Create(callback, state)
        : TimeProvider.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public sealed class Entry(Scheduler owner, Action action, ICancelable? cancelable)
    {
        private readonly Lock _sync = new();
        private ITimer? _timer;
        private Pulse? _pulse;
        private CancellationTokenRegistration _registration;
        private bool _repeats;
        private bool _ended;

        public void Start(TimeSpan delay, TimeSpan? interval)
        {
            _repeats = interval is not null;
            _timer = owner.CreateTimer(static state => ((Entry)state!).Fire(), this);
            if (cancelable is not null) _registration = cancelable.Token.UnsafeRegister(static state => ((Entry)state!).End(), this);
            lock (_sync)
            {
                if (!_ended) _timer.Change(delay, interval ?? Timeout.InfiniteTimeSpan);
            }
        }

        /// <summary>Starts one that its maker has not handed on yet.</summary>
        public void Start(Pulse pulse)
        {
            _repeats = true;
            _pulse = pulse;
            pulse.Add(this);
        }

        public void Fire()
        {
            if (_repeats && !owner._stopped ? Volatile.Read(ref _ended) : !End()) return;
            if (owner._stopped || cancelable is { IsCancellationRequested: true }) return;
            try
            {
                action();
            }
            catch (Exception e)
            {
                // It runs on a worker of nobody's own, where an exception would end the process.
                owner.LogFailure(e);
            }
        }

        /// <summary>True when it is this call that ends it.</summary>
        public bool End()
        {
            lock (_sync)
            {
                if (_ended) return false;
                _ended = true;
                _timer?.Dispose();
            }

            _pulse?.Remove(this);

            _registration.Unregister();
            return true;
        }
    }

    private void LogFailure(Exception e) => system.PublishLog(new Error(e, "scheduler", typeof(Scheduler), "a scheduled action threw"));
}
