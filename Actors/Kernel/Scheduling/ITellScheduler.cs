namespace Picket.Actors;

/// <summary>Sends messages later. A lease is refused: what is pooled must not wait for a clock.</summary>
public interface ITellScheduler
{
    /// <summary>Sends once after the delay.</summary>
    void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable = null);

    /// <summary>Sends after the initial delay and then at each interval, until cancelled or the system ends.</summary>
    void ScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable = null);
}
