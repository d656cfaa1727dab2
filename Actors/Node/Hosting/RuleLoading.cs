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
    /// <remarks>A rule that names no category is about log lines; it is asked about processes as well, but calls for nothing
    /// that comes in bulk.</remarks>
    public static EventInterest InterestOf(SigmaRuleSet rules) =>
        new([.. EventCategories.Kinds.Append(EventKind.LogLine).Append(EventKind.AuditRecord)
            .Where(kind => rules.Rules.Any(rule => IsAbout(rule, kind)))]);

    private static bool IsAbout(SigmaRule rule, EventKind kind)
    {
        var source = rule.LogSource;
        if (!Is(source.Product, "linux")) return false;
        if (rule.IsByDnsAnswer) return kind == EventKind.DnsAnswer;
        var (category, audit) = (string.IsNullOrEmpty(source.Category), Is(source.Service, "auditd", orNone: false));
        return kind switch
        {
            EventKind.AuditRecord => category && (audit || string.IsNullOrEmpty(source.Service)),
            EventKind.LogLine => category && !audit,
            _ when !string.IsNullOrEmpty(source.Service) => false,
            _ when category => kind is EventKind.ProcessCreation or EventKind.ProcessTermination,
            _ => source.Category!.Equals(EventCategories.Of(kind), StringComparison.OrdinalIgnoreCase),
        };
    }

    private static bool Is(string? said, string value, bool orNone = true) =>
        string.IsNullOrEmpty(said) ? orNone : said.Equals(value, StringComparison.OrdinalIgnoreCase);
}
