namespace Picket.Actors;

/// <summary>An actor with timers. The kernel sets them after the constructor; they end with the incarnation.</summary>
public interface IWithTimers
{
    /// <summary>The timers of this incarnation.</summary>
    ITimerScheduler Timers { get; set; }
}
