namespace Picket.Detection.Sigma;

/// <summary>Which system calls rules of the category <c>system_call</c> name: only those are looked at.</summary>
public static class CallDemand
{
    /// <summary>The names, in lower case.</summary>
    public static IReadOnlySet<string> Of(IEnumerable<SigmaRule> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return rules.Where(rule => "system_call".Equals(rule.LogSource.Category, StringComparison.OrdinalIgnoreCase))
            .SelectMany(rule => RuleValues.Plain(rule, "SystemCall")).Select(name => name.ToLowerInvariant())
            .ToHashSet(StringComparer.Ordinal);
    }
}
