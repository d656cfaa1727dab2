namespace Picket.Actors.Persistence;

/// <summary>A snapshot that a store found.</summary>
/// <param name="Metadata">What it is of.</param>
/// <param name="Snapshot">The state.</param>
public sealed record SelectedSnapshot(SnapshotMetadata Metadata, object Snapshot);
