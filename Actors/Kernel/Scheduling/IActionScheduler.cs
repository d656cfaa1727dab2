namespace Picket.Actors;

/// <summary>Runs actions later, on a pool thread: an action must not touch an actor's state.</summary>
public interface IActionScheduler
{
    /// <summary>Runs once after the delay.</summary>
    void ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable = null);

    /// <summary>Runs after the initial delay and then at each interval, until cancelled or the system ends.</summary>
    void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable = null);
}
