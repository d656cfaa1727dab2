using Picket.Actors.Event;

namespace Picket.Actors.Persistence.Recovering;

/// <summary>Something for one recovery of one incarnation; any other drops it.</summary>
internal abstract record RecoveryMessage(RecoveryRun Run) : IDeadLetterSuppression, INotInfluenceReceiveTimeout;
