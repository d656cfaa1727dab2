namespace Picket.Actors.Persistence;

/// <summary>A snapshot was saved.</summary>
/// <param name="Metadata">Which.</param>
public sealed record SaveSnapshotSuccess(SnapshotMetadata Metadata);
