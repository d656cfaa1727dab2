namespace Picket.Detection.Sigma.Pipelines.Conditions;

/// <summary>Reads the condition on what <c>set_state</c> set, which rules, items and fields may have.</summary>
internal static class StateCondition
{
    public static Predicate<IReadOnlyDictionary<string, string>> Read(NodeReader node)
    {
        var (key, value) = (node.Scalar("key").Text, node.Scalar("val").Text);
        var operation = node.OptionalChoice("op", [.. Comparisons.Words]) ?? "eq";
        return state => state.TryGetValue(key, out var found) && Comparisons.Hold(operation, found, value);
    }
}
