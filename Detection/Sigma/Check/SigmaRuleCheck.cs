using Picket.Detection.Events;
using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Compilation;
using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Detection.Sigma.Check;

/// <summary>Says of each rule whether it can fire with what a platform's sensors supply.</summary>
/// <param name="Table">What the sensors supply.</param>
/// <param name="Rules">One result per rule and per document that does not load, by file and line.</param>
public sealed record SigmaRuleCheck(SensorTable Table, IReadOnlyList<CheckedRule> Rules)
{
    /// <summary>What authors would want to know, the likely mistakes among it where the rules were read for them.</summary>
    public IReadOnlyList<SigmaWarning> Findings { get; init; } = [];

    /// <summary>Those that are about exclusions and pipelines, such as an exclusion that has expired, or that names no rule.</summary>
    public IReadOnlyList<SigmaWarning> Warnings { get; init; } = [];

    /// <summary>Number of rules with <paramref name="verdict"/>.</summary>
    public int Count(RuleVerdict verdict)
    {
        var count = 0;
        foreach (var rule in Rules)
        {
            if (rule.Verdict == verdict) count++;
        }

        return count;
    }

    /// <summary>Number of rules that are fed: some event that this program sees can make them fire.</summary>
    public int Fed => Rules.Count(static rule => rule.FedBy.Count > 0);

    /// <summary>Number of rules by what feeds them, each counted once, at its nearest feed; the feeds of none are left out.</summary>
    public IEnumerable<(RuleFeed Feed, int Rules)> ByFeed() =>
        Rules.Where(static rule => rule.FedBy.Count > 0).GroupBy(static rule => rule.FedBy[0]).OrderBy(static group => group.Key)
            .Select(static group => (group.Key, group.Count()));

    /// <summary>Checks a set of rules; what did not load, or is not supported, can never fire for the reason that loading gave.</summary>
    public static SigmaRuleCheck Of(SigmaRuleSet set, SensorTable table)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(table);
        var results = new List<CheckedRule>();
        foreach (var rule in set.Rules)
        {
            // What one form of a rule can find, the rule can.
            if (!rule.IsCopy) results.Add(rule.Copies.Prepend(rule).Select(form => Check(form, table)).MinBy(form => form.Verdict)!);
        }

        results.AddRange(new CorrelationCheck(set, results, table).Results());
        foreach (var error in set.Errors.Where(error => !set.OtherFiles.Contains(error.File)))
            results.Add(NotLoaded(error.File, error.Line, error.Column, error.Code, error.Message));

        results.Sort(static (left, right) =>
            string.CompareOrdinal(left.File, right.File) is not 0 and var byFile ? byFile : left.Line.CompareTo(right.Line));
        return new SigmaRuleCheck(table, results)
        {
            Findings = set.Warnings,
            Warnings = [.. set.Warnings.Where(warning => set.OtherFiles.Contains(warning.File))],
        };
    }

    private static CheckedRule NotLoaded(string file, int line, int column, string code, string message) =>
        new(file, line, "", "", RuleVerdict.CanNeverFire, [new CheckReason(code, "", line, column, message)], []);

    private static CheckedRule Check(SigmaRule rule, SensorTable table)
    {
        var reasons = new List<CheckReason>();
        var verdict = RuleVerdict.CanNeverFire;
        if (rule.IsIdle)
        {
            foreach (var (name, at) in Unfilled.In(rule.Syntax.Selections, rule.Syntax.Placeholders).DistinctBy(static one => one.Name))
                reasons.Add(new CheckReason(CheckReasons.Placeholder, name, at.Line, at.Column, $"no pipeline gives values for %{name}%"));
        }
        else if (table.HasLogs && rule.LogSource is { Category: null, Service: { } service } && SensorTable.FieldsOf(service) is null
            && Fits(rule, table))
        {
            verdict = RuleVerdict.CanFire;
            if (AuditDemand.IsAudit(rule.LogSource) && AuditDemand.TypesOf(rule) == AuditTypes.None)
            {
                verdict = RuleVerdict.Degraded;
                reasons.Add(Reason(CheckReasons.AuditLog, service, rule, "records of these types are in auditd's own log alone"));
            }
        }
        else if (FieldsFor(rule, table, reasons) is { } fields)
        {
            MissingFields(rule, fields, reasons);
            verdict = reasons.Count == 0 ? RuleVerdict.CanFire : RuleVerdict.Degraded;
            if (!Possibility.Of(rule.Syntax, fields).CanHold)
            {
                verdict = RuleVerdict.CanNeverFire;
                reasons.Add(new CheckReason(CheckReasons.Condition, "", rule.Line, 1, "without these fields the condition never holds"));
            }
        }

        return new CheckedRule(rule.File, rule.Line, rule.Id, rule.Title, verdict, reasons,
            verdict == RuleVerdict.CanNeverFire ? [] : RuleFeeds.Of(rule, table));
    }

    private static bool Fits(SigmaRule rule, SensorTable table) =>
        rule.LogSource.Product is not { } product || product == table.Product;

    /// <summary>The fields of the events that the rule is asked about; null, with the reason, when there are none.</summary>
    private static IReadOnlySet<string>? FieldsFor(SigmaRule rule, SensorTable table, List<CheckReason> reasons)
    {
        var source = rule.LogSource;
        if (!Fits(rule, table))
        {
            reasons.Add(Reason(CheckReasons.Product, source.Product!, rule, $"the rule is for {source.Product}"));
            return null;
        }

        if (source.Category is { } category)
        {
            if (table.Categories.TryGetValue(category, out var fields)) return fields;
            reasons.Add(Reason(CheckReasons.Category, category, rule,
                $"no sensor for {table.Platform} supplies {category} events{NearName.Hint(category, table.Categories.Keys)}"));
            return null;
        }

        if (source.Service is { } service)
        {
            if (table.HasLogs) return SensorTable.FieldsOf(service);
            reasons.Add(Reason(CheckReasons.Service, service, rule, $"no sensor for {table.Platform} supplies records of {service}"));
            return null;
        }

        if (table.Categories.Count > 0)
        {
            var fields = new HashSet<string>(table.Categories.Values.SelectMany(fields => fields), StringComparer.Ordinal);
            if (table.HasLogs) fields.UnionWith(SensorTable.FieldsOf("")!);
            return fields;
        }

        reasons.Add(Reason(CheckReasons.Product, source.Product ?? "", rule, $"no sensor for {table.Platform} supplies events"));
        return null;
    }

    /// <summary>Whether events that the rule is asked about can have a field.</summary>
    internal static bool Supplies(SigmaRule rule, SensorTable table, string field)
    {
        var source = rule.LogSource;
        if (!Fits(rule, table)) return false;
        if (source.Category is { } category) return table.Categories.TryGetValue(category, out var fields) && fields.Contains(field);
        var inLogs = table.HasLogs && SensorTable.FieldsOf(source.Service ?? "")?.Contains(field) != false;
        return inLogs || (source.Service is null && table.Categories.Values.Any(known => known.Contains(field)));
    }

    private static void MissingFields(SigmaRule rule, IReadOnlySet<string> fields, List<CheckReason> reasons)
    {
        var said = new HashSet<string>(StringComparer.Ordinal);
        foreach (var selection in rule.Syntax.Selections)
        {
            if (selection.IsAdded) continue;
            foreach (var item in selection.Alternatives.SelectMany(group => group.Items))
            {
                string?[] names = item.Modifiers.Contains(Modifier.FieldRef) ? [item.Field, .. item.Values.Select(value => value.Text)]
                    : HashKinds.AsksImportHash(item) ? [item.Field, HashKinds.ImportHash] : [item.Field];
                foreach (var name in names)
                {
                    if (name is null || fields.Contains(name) || !said.Add(name)) continue;
                    reasons.Add(new CheckReason(CheckReasons.Field, name, item.At.Line, item.At.Column,
                        $"the field {name} is not supplied"));
                }
            }
        }
    }

    private static CheckReason Reason(string code, string subject, SigmaRule rule, string message) =>
        new(code, subject, rule.Line, 1, message);
}
