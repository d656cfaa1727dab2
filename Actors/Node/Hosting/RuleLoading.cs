using Picket.Detection.Events;
using Picket.Detection.Sigma;
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
        if (rules.Rules.Count == 0)
            errors.WriteLine($"picket: warning: there is no usable rule in {string.Join(", ", paths)}: nothing will be detected");
        return rules;
    }

    /// <summary>Which live events a rule of the set could be asked about.</summary>
    public static EventInterest InterestOf(SigmaRuleSet rules)
    {
        var kinds = new List<EventKind>();
        if (Wants(rules, "process_creation")) kinds.Add(EventKind.ProcessCreation);
        if (Wants(rules, "process_termination")) kinds.Add(EventKind.ProcessTermination);
        if (rules.Rules.Any(rule => IsOfLogs(rule) && !Is(rule.LogSource.Service, "auditd", orNone: false))) kinds.Add(EventKind.LogLine);
        if (rules.Rules.Any(rule => IsOfLogs(rule) && Is(rule.LogSource.Service, "auditd"))) kinds.Add(EventKind.AuditRecord);
        return new EventInterest([.. kinds]);
    }

    /// <summary>Rules of a category are about events, which no log line is.</summary>
    private static bool IsOfLogs(SigmaRule rule) => Is(rule.LogSource.Product, "linux") && string.IsNullOrEmpty(rule.LogSource.Category);

    private static bool Wants(SigmaRuleSet rules, string category) => rules.Rules.Any(rule =>
        Is(rule.LogSource.Product, "linux") && Is(rule.LogSource.Category, category) && string.IsNullOrEmpty(rule.LogSource.Service));

    private static bool Is(string? said, string value, bool orNone = true) =>
        string.IsNullOrEmpty(said) ? orNone : said.Equals(value, StringComparison.OrdinalIgnoreCase);
}
