using Picket.Detection.Events;

namespace Picket.Detection.Context.Ancestry;

/// <summary>The event: how what is kept differs from before.</summary>
/// <param name="BootId">The boot that all keys belong to.</param>
/// <param name="Kept">Ancestors that are new.</param>
/// <param name="Dropped">Ancestors that nobody living descends from any more.</param>
/// <param name="Linked">The living whose parent has ended, as far as that is news.</param>
/// <param name="Unlinked">Those of them that have ended.</param>
internal sealed record AncestryChanged(
    string BootId, IReadOnlyList<Ancestor> Kept, IReadOnlyList<AncestorId> Dropped, IReadOnlyList<AncestorLink> Linked,
    IReadOnlyList<ProcessKey> Unlinked);
