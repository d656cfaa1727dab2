namespace Picket.Actors.Persistence.Recovering;

/// <summary>Time to see whether the stores still answer.</summary>
internal sealed record RecoveryTick(RecoveryRun Run) : RecoveryMessage(Run);
