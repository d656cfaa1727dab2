using Picket.Detection.Events;

namespace Picket.Detection.Sigma.Check;

/// <summary>Finds by what rules are fed.</summary>
internal static class RuleFeeds
{
    /// <summary>The stable word for a feed, as the output has it.</summary>
    public static string Word(RuleFeed feed) => feed switch
    {
        RuleFeed.Process => "ebpf/process",
        RuleFeed.File => "ebpf/file",
        RuleFeed.Network => "ebpf/network",
        RuleFeed.Dns => "ebpf/dns",
        RuleFeed.Privilege => "ebpf/privilege",
        RuleFeed.Uring => "ebpf/uring",
        RuleFeed.Audit => "ebpf/audit",
        RuleFeed.Logs => "logs",
        _ => "auditd.log",
    };

    /// <summary>
    /// What feeds a rule that can fire, the nearest first. A rule that names neither category nor service is about every event.
    /// </summary>
    public static IReadOnlyList<RuleFeed> Of(SigmaRule rule, SensorTable table)
    {
        var source = rule.LogSource;
        if (source.Category is { } category) return [OfCategory(category)];
        if (AuditDemand.IsAudit(source))
            return AuditDemand.TypesOf(rule) == AuditTypes.None ? [RuleFeed.AuditLog] : [RuleFeed.Audit, RuleFeed.AuditLog];
        if (source.Service is not null) return [RuleFeed.Logs];
        var feeds = new List<RuleFeed>();
        if (table.HasLogs && Possibility.Of(rule.Syntax, SensorTable.FieldsOf("")!).CanHold) feeds.Add(RuleFeed.Logs);
        feeds.AddRange(table.Categories.Where(one => Possibility.Of(rule.Syntax, one.Value).CanHold).Select(one => OfCategory(one.Key))
            .Distinct().Order());
        return feeds;
    }

    private static RuleFeed OfCategory(string category) => category switch
    {
        "process_creation" or "process_termination" => RuleFeed.Process,
        "io_uring" => RuleFeed.Uring,
        _ when category.StartsWith("file_", StringComparison.Ordinal) || category.StartsWith("directory_", StringComparison.Ordinal) =>
            RuleFeed.File,
        _ when category.StartsWith("network_", StringComparison.Ordinal) => RuleFeed.Network,
        _ when category.StartsWith("dns_", StringComparison.Ordinal) => RuleFeed.Dns,
        _ => RuleFeed.Privilege,
    };
}
