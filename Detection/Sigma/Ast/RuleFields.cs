namespace Picket.Detection.Sigma.Ast;

/// <summary>The fields that a rule reads.</summary>
internal static class RuleFields
{
    /// <summary>Every item's field, those behind <c>fieldref</c> included; null for a keyword.</summary>
    public static IEnumerable<string?> Of(RuleSyntax rule)
    {
        foreach (var selection in rule.Selections)
        {
            foreach (var group in selection.Alternatives)
            {
                foreach (var item in group.Items)
                {
                    yield return item.Field;
                    if (!item.Has(Modifier.FieldRef)) continue;
                    foreach (var value in item.Values) yield return value.Text;
                }
            }
        }
    }
}
