using Picket.Actors;

namespace Picket.Detection.Sigma;

/// <summary>
/// To /detection, and on to the correlations and to each shard's Sigma actor: a new set of rules, built aside, takes the old one's place.
/// Each of them answers <paramref name="Asker"/> with <see cref="RulesSwapped"/>. Sent twice it is taken once and answered twice.
/// </summary>
/// <param name="Generation">The set's number; each is larger than the one before.</param>
/// <param name="Engines">The engine of each shard.</param>
/// <param name="Correlations">The correlation rules of the set.</param>
/// <param name="Asker">Gets the answers.</param>
public sealed record SwapRules(
    long Generation, IReadOnlyList<SigmaEngine> Engines, IReadOnlyList<CorrelationRule> Correlations, IActorRef Asker);
