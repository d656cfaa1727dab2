namespace Picket.Actors.Dispatch;

/// <summary>How a turn ended.</summary>
internal enum TurnEnd
{
    /// <summary>Nothing more to do.</summary>
    Idle,

    /// <summary>Nothing that may be done: user messages wait for a system message.</summary>
    Parked,

    /// <summary>The turn was used up.</summary>
    More,

    /// <summary>The actor has ended; there will be no other turn.</summary>
    Ended,
}
