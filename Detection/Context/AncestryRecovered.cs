namespace Picket.Detection.Context;

/// <summary>What an earlier run knew of the dead ancestors of the living. Each is told once; ancestors in any order.</summary>
/// <param name="Ancestors">The dead.</param>
/// <param name="Links">The living whose parent is one of them.</param>
internal sealed record AncestryRecovered(IReadOnlyList<Ancestor> Ancestors, IReadOnlyList<AncestorLink> Links);
