namespace Picket.Actors.Persistence;

/// <summary>Events could not be deleted.</summary>
/// <param name="Cause">Why.</param>
/// <param name="ToSequenceNr">The last number that was meant.</param>
public sealed record DeleteMessagesFailure(Exception Cause, long ToSequenceNr);
