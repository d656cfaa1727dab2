namespace Picket.Detection.Sigma;

/// <summary>What a set of rules asks of the sensors.</summary>
/// <param name="LogSources">The distinct log sources, each as (product, category, service); null for a part not named.</param>
/// <param name="Fields">The distinct fields, sorted by name.</param>
/// <param name="Keywords">Whether a rule searches whole events, and with that any field.</param>
public sealed record SigmaInterest(
    IReadOnlyList<(string? Product, string? Category, string? Service)> LogSources, IReadOnlyList<string> Fields, bool Keywords);
