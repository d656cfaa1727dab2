namespace Picket.Actors;

/// <summary>The timers of one incarnation of an actor. Used in its own turns only.</summary>
public interface ITimerScheduler
{
    /// <summary>The keys of the timers that run.</summary>
    IReadOnlyCollection<object> ActiveTimers { get; }

    /// <summary>Sends <paramref name="msg"/> to the actor once; replaces a timer of the same key.</summary>
    void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef? sender = null);

    /// <summary>Sends <paramref name="msg"/> to the actor again and again; replaces a timer of the same key.</summary>
    void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef? sender = null);

    /// <summary>As above, with another delay before the first.</summary>
    void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval, IActorRef? sender = null);

    /// <summary>
    /// As <see cref="StartPeriodicTimer(object, object, TimeSpan, IActorRef?)"/>, at whole multiples of the interval of the scheduler's
    /// clock: the first comes within one interval, and all such timers of a system wake the process together.
    /// </summary>
    void StartPulseTimer(object key, object msg, TimeSpan interval, IActorRef? sender = null);

    /// <summary>True from the start of a timer until it is cancelled or, if single, has been delivered.</summary>
    bool IsTimerActive(object key);

    /// <summary>Ends a timer; a message of it that is in the mailbox already is not delivered.</summary>
    void Cancel(object key);

    /// <summary>Ends all.</summary>
    void CancelAll();
}
