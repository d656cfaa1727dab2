namespace Picket.Actors.Persistence.Recovering;

/// <summary>The recovery may begin.</summary>
internal sealed record PermitGranted(RecoveryRun Run) : RecoveryMessage(Run);
