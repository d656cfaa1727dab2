using Picket.Actors;

namespace Picket.Detection.Sigma;

/// <summary>Whoever sent this decides by the set with this number from now on, and what it decided before has been handed on.</summary>
/// <param name="Generation">The set's number.</param>
/// <param name="By">Who says so; the same over restarts.</param>
public sealed record RulesSwapped(long Generation, IActorRef By);
