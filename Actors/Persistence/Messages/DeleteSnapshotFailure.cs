namespace Picket.Actors.Persistence;

/// <summary>A snapshot could not be deleted.</summary>
/// <param name="Metadata">Which.</param>
/// <param name="Cause">Why.</param>
public sealed record DeleteSnapshotFailure(SnapshotMetadata Metadata, Exception Cause);
