using Picket.Detection.Events;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Diagnostics;
using Picket.Node.CommandLine;

namespace Picket.Node.Hosting;

/// <summary>Loads rules for a run: what is wrong with one is said at its place, and the others are used.</summary>
internal static class RuleLoading
{
    /// <summary>Loads the rules of <paramref name="paths"/>.</summary>
    /// <exception cref="UsageException">A path does not exist.</exception>
    public static SigmaRuleSet Load(IReadOnlyList<string> paths, SigmaLoadOptions options, TextWriter errors)
    {
        foreach (var path in paths)
        {
            if (!Directory.Exists(path) && !File.Exists(path)) throw new UsageException($"{path}: no such file or folder");
        }

        var rules = SigmaRuleSet.Load(paths, options);
        foreach (var error in rules.Errors) errors.WriteLine($"picket: {error}");
        foreach (var warning in rules.Warnings)
        {
            // What authors of rules want to know is for 'rules check'; these are about what the host's own people wrote.
            if (warning.Code is SigmaCodes.ExclusionExpired or SigmaCodes.ExclusionUnknownRule or SigmaCodes.Placeholder)
                errors.WriteLine($"picket: {warning}");
        }

        if (rules.Rules.Count == 0)
            errors.WriteLine($"picket: warning: there is no usable rule in {string.Join(", ", paths)}: nothing will be detected");
        return rules;
    }

    /// <summary>Which live events a rule of the set could be asked about.</summary>
    /// <remarks>A rule that names no category is about log lines; it is asked about processes as well, but calls for nothing
    /// else that comes in bulk.</remarks>
    public static EventInterest InterestOf(SigmaRuleSet rules)
    {
        var kinds = Enum.GetValues<EventKind>().Where(kind => rules.Rules.Any(rule => IsAbout(rule, kind)));
        return new EventInterest([.. kinds])
        {
            Read = ReadInterest.Of(
                rules.Rules.Where(rule => IsAbout(rule, EventKind.FileAccess)),
                rules.Rules.Where(rule => AuditDemand.IsAudit(rule.LogSource))),
            Audit = AuditDemand.Of(rules.Rules),
            Calls = CallDemand.Of(rules.Rules),
        };
    }

    private static bool IsAbout(SigmaRule rule, EventKind kind)
    {
        var source = rule.LogSource;
        if (rule.IsIdle || !Is(source.Product, "linux")) return false;
        if (rule.IsByDnsAnswer) return kind == EventKind.DnsAnswer;
        var isLog = kind is EventKind.LogLine or EventKind.AuditRecord;
        if (!string.IsNullOrEmpty(source.Category))
        {
            return !isLog && string.IsNullOrEmpty(source.Service)
                && (source.Category.Equals(EventCategories.Of(kind), StringComparison.OrdinalIgnoreCase)
                    || (Is(source.Category, "file_event") && kind is EventKind.FileRename or EventKind.FileLink or EventKind.FileSymlink));
        }

        if (string.IsNullOrEmpty(source.Service)) return isLog || kind is EventKind.ProcessCreation or EventKind.ProcessTermination;
        return kind == (Is(source.Service, "auditd") ? EventKind.AuditRecord : EventKind.LogLine);
    }

    private static bool Is(string? said, string value) =>
        string.IsNullOrEmpty(said) || said.Equals(value, StringComparison.OrdinalIgnoreCase);
}
