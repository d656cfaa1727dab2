namespace Picket.Actors.Cells;

/// <summary>/user and /system: parents that only supervise.</summary>
internal sealed class Guardian(SupervisorStrategy strategy) : ActorBase
{
    protected override bool Receive(object message) => false;

    protected override SupervisorStrategy SupervisorStrategy() => strategy;

    /// <summary>A guardian has no state to renew, and those below it are not to blame.</summary>
    protected override void PreRestart(Exception reason, object? message) { }
}
