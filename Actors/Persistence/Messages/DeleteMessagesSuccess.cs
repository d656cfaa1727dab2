namespace Picket.Actors.Persistence;

/// <summary>Events were deleted.</summary>
/// <param name="ToSequenceNr">The last number that was meant.</param>
public sealed record DeleteMessagesSuccess(long ToSequenceNr);
