namespace Picket.Detection.Sigma.Trial;

/// <summary>What an event answered to one selection.</summary>
/// <param name="Name">The selection.</param>
/// <param name="Holds">Whether one of its alternatives holds.</param>
/// <param name="Alternatives">One for a map, one for each element of a list; each holds when all of its items do.</param>
public sealed record SelectionTrial(string Name, bool Holds, IReadOnlyList<IReadOnlyList<ItemTrial>> Alternatives);
