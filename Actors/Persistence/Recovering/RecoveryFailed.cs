namespace Picket.Actors.Persistence.Recovering;

/// <summary>A store failed, or what it holds is no history.</summary>
internal sealed record RecoveryFailed(RecoveryRun Run, Exception Cause) : RecoveryMessage(Run);
