namespace Picket.Detection.Context.Ancestry;

/// <summary>All that is kept.</summary>
/// <param name="BootId">The boot that all keys belong to.</param>
/// <param name="Ancestors">The dead.</param>
/// <param name="Links">The living whose parent is one of them.</param>
internal sealed record AncestrySnapshot(string BootId, IReadOnlyList<Ancestor> Ancestors, IReadOnlyList<AncestorLink> Links);
