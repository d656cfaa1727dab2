using Picket.Actors.Refs;

namespace Picket.Actors.Cells;

/// <inheritdoc cref="ITimerScheduler"/>
internal sealed class TimerScheduler(LocalActorRef self, ActorSystem system) : ITimerScheduler
{
    private readonly Dictionary<object, Running> _running = [];
    private int _generation;

    public IReadOnlyCollection<object> ActiveTimers => _running.Keys;

    public void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef? sender = null) =>
        Start(key, msg, timeout, null, sender);

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef? sender = null) =>
        Start(key, msg, interval, interval, sender);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval, IActorRef? sender = null) =>
        Start(key, msg, initialDelay, interval, sender);

    public void StartPulseTimer(object key, object msg, TimeSpan interval, IActorRef? sender = null)
    {
        var action = Prepare(key, msg, sender);
        _running.Add(key, new Running(_generation, true, system.Clock.StartPulse(interval, action)));
    }

    public bool IsTimerActive(object key) => _running.ContainsKey(key);

    public void Cancel(object key)
    {
        if (_running.Remove(key, out var running)) running.Schedule.End();
    }

    public void CancelAll()
    {
        foreach (var running in _running.Values) running.Schedule.End();
        _running.Clear();
    }

    /// <summary>True when the message is of the timer that runs now under its key.</summary>
    public bool TryTake(TimerMessage message)
    {
        if (!_running.TryGetValue(message.Key, out var running) || running.Generation != message.Generation) return false;
        if (!running.Periodic) _running.Remove(message.Key);
        return true;
    }

    private void Start(object key, object message, TimeSpan delay, TimeSpan? interval, IActorRef? sender)
    {
        var action = Prepare(key, message, sender);
        _running.Add(key, new Running(_generation, interval is not null, system.Clock.Start(delay, interval, action)));
    }

    private Action Prepare(object key, object message, IActorRef? sender)
    {
        Cancel(key);
        Scheduler.RefuseLease(message);
        var envelope = new TimerMessage(this, key, ++_generation, message);
        return () => self.Tell(envelope, sender);
    }

    private readonly record struct Running(int Generation, bool Periodic, Scheduler.Entry Schedule);
}
