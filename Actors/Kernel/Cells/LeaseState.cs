namespace Picket.Actors.Cells;

/// <summary>What the cell owes for the message it handles.</summary>
internal enum LeaseState : byte
{
    /// <summary>Nothing: no lease, or it has gone to a stash or another actor.</summary>
    None,

    /// <summary>A release when the handler is done.</summary>
    Held,

    /// <summary>The handler failed: the rest or a release, when the supervisor has decided.</summary>
    Failed,
}
