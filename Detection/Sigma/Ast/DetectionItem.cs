using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Detection.Sigma.Ast;

/// <summary>A field (or, with none, the whole event), what to do with the values, and the values.</summary>
/// <param name="Field">The field's name; null for keywords.</param>
/// <param name="Every">Written <c>field[all]</c>: every value of the event's field must match, not just one.</param>
/// <param name="Modifiers">In the written order.</param>
/// <param name="Values">At least one.</param>
/// <param name="At">Where the key (or the keyword) is written.</param>
internal sealed record DetectionItem(
    string? Field, bool Every, IReadOnlyList<Modifier> Modifiers, IReadOnlyList<RuleValue> Values, Place At)
{
    /// <summary>Whether it has a modifier.</summary>
    public bool Has(Modifier wanted)
    {
        for (var i = 0; i < Modifiers.Count; i++)
        {
            if (Modifiers[i] == wanted) return true;
        }

        return false;
    }
}
