using Picket.Detection.Sigma.Ast;

namespace Picket.Detection.Sigma.Check;

/// <summary>
/// Says of correlation rules whether they can fire, from what is said of the rules that they refer to, and from the fields that the events
/// of these have: one without any field of <c>group-by</c>, or without the field whose values count, counts for nothing.
/// </summary>
internal sealed class CorrelationCheck
{
    private readonly SigmaRuleSet _set;
    private readonly SensorTable _table;
    private readonly Dictionary<object, CheckedRule> _known = new(ReferenceEqualityComparer.Instance);

    /// <summary>Begins.</summary>
    /// <param name="set">The set.</param>
    /// <param name="rules">The results of its rules about single events, copies left out, in their order.</param>
    /// <param name="table">What the sensors supply.</param>
    public CorrelationCheck(SigmaRuleSet set, IReadOnlyList<CheckedRule> rules, SensorTable table)
    {
        _set = set;
        _table = table;
        foreach (var (rule, result) in set.Rules.Where(rule => !rule.IsCopy).Zip(rules)) _known[rule] = result;
    }

    /// <summary>The results of all correlation rules of the set.</summary>
    public IReadOnlyList<CheckedRule> Results() => [.. _set.Correlations.Select(Check)];

    private CheckedRule Check(CorrelationRule rule)
    {
        if (_known.TryGetValue(rule, out var done)) return done;
        var sources = rule.Sources.Select(source => source.Correlation is { } inner ? Check(inner) : _known[source.Rule!]).ToArray();
        var reasons = new List<CheckReason>();
        var counting = 0;
        for (var i = 0; i < sources.Length; i++)
        {
            var at = rule.Syntax.Rules[i].At;
            if (sources[i].Verdict != RuleVerdict.CanFire)
            {
                var how = sources[i].Verdict == RuleVerdict.Degraded ? "is degraded" : "can never fire";
                reasons.Add(new CheckReason(CheckReasons.Rule, sources[i].Id, at.Line, at.Column,
                    $"the rule '{sources[i].Title}' {how} here"));
            }

            if (sources[i].Verdict == RuleVerdict.CanNeverFire) continue;
            var (grouping, values) = (Missing(rule, i, rule.GroupBy), Missing(rule, i, rule.Syntax.Fields));
            foreach (var field in grouping.Concat(values))
            {
                reasons.Add(new CheckReason(CheckReasons.CorrelationField, field, at.Line, at.Column,
                    $"events of the rule '{sources[i].Title}' have no field {field}"));
            }

            if (values.Count == 0 && (grouping.Count == 0 || grouping.Count < rule.GroupBy.Count)) counting++;
        }

        // How many of the rules must match is the temporal condition; the other types are content with one of them.
        var needed = rule.Type is CorrelationType.Temporal or CorrelationType.TemporalOrdered ? Needed(rule) : 1;
        var verdict = counting < needed ? RuleVerdict.CanNeverFire
            : reasons.Count > 0 ? RuleVerdict.Degraded
            : RuleVerdict.CanFire;
        return _known[rule] = new CheckedRule(rule.File, rule.Line, rule.Id, rule.Title, verdict, reasons,
            verdict == RuleVerdict.CanNeverFire ? [] : [.. sources.SelectMany(source => source.FedBy).Distinct().Order()]);
    }

    /// <summary>The fields, by their names in the events of a source, that these never have.</summary>
    private List<string> Missing(CorrelationRule rule, int source, IReadOnlyList<string> names) =>
        [.. names.Where(name => !Supplies(rule, source, name)).Select(name => rule.FieldOf(name, source))];

    private bool Supplies(CorrelationRule rule, int source, string name)
    {
        var field = rule.FieldOf(name, source);
        if (rule.Sources[source].Correlation is { } inner)
            return Enumerable.Range(0, inner.Sources.Count).Any(i => Supplies(inner, i, field));
        var asked = rule.Sources[source].Rule!;
        return asked.Copies.Prepend(asked).Any(form => SigmaRuleCheck.Supplies(form, _table, form.Names.Of(field)[0]));
    }

    private static int Needed(CorrelationRule rule)
    {
        var criteria = new Correlation.Criteria(rule.Syntax.Criteria);
        for (var count = 1; count < rule.Sources.Count; count++)
        {
            if (criteria.HoldsFor(count)) return count;
        }

        return rule.Sources.Count;
    }
}
