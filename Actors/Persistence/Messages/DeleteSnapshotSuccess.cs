namespace Picket.Actors.Persistence;

/// <summary>A snapshot was deleted, or there was none.</summary>
/// <param name="Metadata">Which.</param>
public sealed record DeleteSnapshotSuccess(SnapshotMetadata Metadata);
