using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Detection.Sigma.Exclusions;

/// <summary>What rules of others are not to alert on: who answers for it, why, and until when.</summary>
/// <param name="File">The file that it is written in.</param>
/// <param name="At">Where.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Owner">Who answers for it.</param>
/// <param name="Reason">Why.</param>
/// <param name="Expires">The last day on which it holds, by UTC.</param>
/// <param name="Rules">Ids or names of the rules, with the places where they are written.</param>
/// <param name="Selection">The events.</param>
internal sealed record Exclusion(
    string File,
    Place At,
    string Name,
    string Owner,
    string Reason,
    DateOnly Expires,
    IReadOnlyList<(string Rule, Place At)> Rules,
    SelectionSyntax Selection);
