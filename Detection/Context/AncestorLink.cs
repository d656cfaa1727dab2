using Picket.Detection.Events;

namespace Picket.Detection.Context;

/// <summary>A living process whose parent has ended. The kernel names another parent by now: the one that took it over.</summary>
/// <param name="Child">The living process.</param>
/// <param name="Parent">Who forked it.</param>
internal readonly record struct AncestorLink(ProcessKey Child, AncestorId Parent);
