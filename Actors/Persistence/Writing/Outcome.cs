namespace Picket.Actors.Persistence.Writing;

/// <summary>What became of what a handler waits for.</summary>
internal enum Outcome
{
    /// <summary>Not known yet.</summary>
    Open,

    /// <summary>The event is durable, or there was none and what came before is.</summary>
    Done,

    /// <summary>The event was not stored; the actor goes on.</summary>
    Rejected,

    /// <summary>Nobody knows whether the event was stored; the actor stops.</summary>
    Failed,
}
