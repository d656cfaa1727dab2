namespace Picket.Actors.Persistence.Recovering;

/// <summary>The snapshot store has answered.</summary>
/// <param name="Run">For which recovery.</param>
/// <param name="Selected">The snapshot, or null.</param>
internal sealed record SnapshotLoaded(RecoveryRun Run, SelectedSnapshot? Selected) : RecoveryMessage(Run);
