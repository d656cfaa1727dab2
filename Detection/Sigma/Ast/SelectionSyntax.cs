using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Detection.Sigma.Ast;

/// <summary>A named search of the rule's <c>detection</c>: it matches when any of its alternatives does.</summary>
/// <param name="Name">Its name in conditions.</param>
/// <param name="At">Where it is written.</param>
/// <param name="Alternatives">One for a map; one per element for a list.</param>
/// <param name="IsAdded">Whether a pipeline or an exclusion added it: it is written in another file than the rule.</param>
internal sealed record SelectionSyntax(string Name, Place At, IReadOnlyList<ItemGroup> Alternatives, bool IsAdded = false);
