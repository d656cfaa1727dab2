namespace Picket.Actors.Persistence;

/// <summary>Snapshots could not be deleted.</summary>
/// <param name="Criteria">Which were meant.</param>
/// <param name="Cause">Why.</param>
public sealed record DeleteSnapshotsFailure(SnapshotSelectionCriteria Criteria, Exception Cause);
