namespace Picket.Actors.Persistence.Recovering;

/// <summary>The next events of a history; the reader goes on when some of them have been applied.</summary>
internal sealed record EventsReplayed(RecoveryRun Run, IReadOnlyList<Persistent> Events) : RecoveryMessage(Run);
