namespace Picket.Actors;

/// <summary>What the kernel logs of its own doing at debug level.</summary>
[Flags]
public enum DebugEvents
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Messages that the kernel handles itself, such as PoisonPill.</summary>
    AutoReceive = 1,

    /// <summary>Starts, restarts and ends of actors.</summary>
    Lifecycle = 2,

    /// <summary>Subscriptions to the event stream and their ends.</summary>
    EventStream = 4,

    /// <summary>Messages that no handler took.</summary>
    Unhandled = 8,
}
