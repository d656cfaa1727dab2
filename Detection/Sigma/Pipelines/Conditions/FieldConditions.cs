namespace Picket.Detection.Sigma.Pipelines.Conditions;

/// <summary>Reads conditions on the names of fields.</summary>
internal static class FieldConditions
{
    /// <summary>The condition of a type; null for a type that does not exist.</summary>
    public static Predicate<FieldSubject>? Read(string type, NodeReader node)
    {
        switch (type)
        {
            case "include_fields":
                return Named(node);

            case "exclude_fields":
                var named = Named(node);
                return field => !named(field);

            case "processing_item_applied":
                var id = node.Scalar("processing_item_id").Text;
                return field => field.Applied.Contains(id);

            case "processing_state":
                var holds = StateCondition.Read(node);
                return field => holds(field.State);

            default:
                return null;
        }
    }

    private static Predicate<FieldSubject> Named(NodeReader node)
    {
        var names = node.Texts("fields");
        if (node.OptionalChoice("mode", "plain", "re") != "re")
        {
            var plain = names.Select(name => name.Text).ToHashSet(StringComparer.Ordinal);
            return field => field.Field is not null && plain.Contains(field.Field);
        }

        var patterns = names.Select(name => NodeReader.Expression(name, atStart: true)).ToArray();
        return field => field.Field is not null && Array.Exists(patterns, pattern => pattern.IsMatch(field.Field));
    }
}
