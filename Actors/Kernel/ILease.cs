namespace Picket.Actors;

/// <summary>
/// A message that owns something pooled, such as a slice of an event batch. The cell that holds the message, never the
/// handler, gives it back: exactly once, when the handler has returned (for an asynchronous handler: when its task has
/// ended), or when the message ends in dead letters, is refused by a bounded mailbox, or is drained from a stopped one.
/// </summary>
/// <remarks>A handler must not keep what the lease lends beyond its own return; what outlives it is copied.</remarks>
public interface ILease
{
    /// <summary>Gives the lent object back. Called exactly once by the kernel and by nobody else.</summary>
    void Release();

    /// <summary>
    /// Moves past the item whose handling threw. Called after the supervisor decided <c>Resume</c> or <c>Restart</c>, and
    /// before the next user message: a directive must never drop the rest of a slice in silence.
    /// </summary>
    /// <returns>True when items remain: the cell then delivers this same message again before any other user message.
    /// False when none do: the cell releases the lease.</returns>
    bool SkipFailed();
}
