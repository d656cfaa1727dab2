namespace Picket.Actors.Persistence;

/// <summary>Snapshots were deleted.</summary>
/// <param name="Criteria">Which were meant.</param>
public sealed record DeleteSnapshotsSuccess(SnapshotSelectionCriteria Criteria);
