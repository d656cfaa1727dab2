namespace Picket.Actors.Persistence;

/// <summary>A snapshot could not be saved; the actor goes on.</summary>
/// <param name="Metadata">Which.</param>
/// <param name="Cause">Why.</param>
public sealed record SaveSnapshotFailure(SnapshotMetadata Metadata, Exception Cause);
