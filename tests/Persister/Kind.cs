namespace Picket.Persister;

/// <summary>What a <see cref="Frame"/> tells.</summary>
internal enum Kind : byte
{
    /// <summary>The journal holds this event; told of every event before any actor starts.</summary>
    Stored = 1,

    /// <summary>All of <see cref="Stored"/> was told.</summary>
    Read = 2,

    /// <summary>An actor's recovery gave it this event.</summary>
    Replayed = 3,

    /// <summary>An actor's recovery gave it a snapshot; Sum is the state's.</summary>
    Offered = 4,

    /// <summary>An actor has recovered to this number; Sum is the state's.</summary>
    Recovered = 5,

    /// <summary>The handler of this event ran: whoever sent the command may rely on it.</summary>
    Acknowledged = 6,

    /// <summary>A snapshot of the state at this number is stored.</summary>
    Saved = 7,

    /// <summary>An actor was told that a write or its recovery failed, and will start again.</summary>
    Failed = 8,

    /// <summary>All ids have all events.</summary>
    Complete = 9,
}
