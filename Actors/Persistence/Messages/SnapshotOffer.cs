namespace Picket.Actors.Persistence;

/// <summary>The first message of a recovery where there is a snapshot: state to begin from.</summary>
/// <param name="Metadata">What it is of.</param>
/// <param name="Snapshot">The state.</param>
public sealed record SnapshotOffer(SnapshotMetadata Metadata, object Snapshot);
