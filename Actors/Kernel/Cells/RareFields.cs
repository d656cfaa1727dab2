using Picket.Actors.Dispatch.SysMsg;
using Picket.Actors.Refs;

namespace Picket.Actors.Cells;

/// <summary>
/// What few actors use, and none at each message. As one struct it lies at the end of the cell, so that what the actor writes at each
/// message, before it, shares no cache line with the object that lies behind the cell.
/// </summary>
internal struct RareFields
{
    public Children? Children;
    public DeathWatch? Watch;
    public List<Stash>? Stashes;
    public Stack<Receive>? BehaviorsBelow;

    /// <summary>Kept here for the supervisor, which alone touches it.</summary>
    public RestartStats? RestartStats;

    /// <summary>System messages that must wait for the children or for an asynchronous handler, in order.</summary>
    public List<SystemMessage>? Deferred;

    /// <summary>Why there is to be another instance: from PreRestart until PostRestart was done, also when that failed.</summary>
    public Exception? RecreateCause;

    /// <summary>The child whose escalated failure is this actor's own.</summary>
    public LocalActorRef? Perpetrator;
}
