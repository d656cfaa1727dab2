namespace Picket.Actors.Persistence.Recovering;

/// <summary>There are no more events.</summary>
/// <param name="Run">For which recovery.</param>
/// <param name="HighestSequenceNr">The highest number in the journal.</param>
internal sealed record ReplayEnded(RecoveryRun Run, long HighestSequenceNr) : RecoveryMessage(Run);
