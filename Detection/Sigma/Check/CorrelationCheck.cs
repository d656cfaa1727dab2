using Picket.Detection.Sigma.Ast;

namespace Picket.Detection.Sigma.Check;

/// <summary>Says of correlation rules whether they can fire, from what is said of the rules that they refer to.</summary>
internal static class CorrelationCheck
{
    /// <summary>The results of all correlation rules of a set.</summary>
    /// <param name="set">The set.</param>
    /// <param name="rules">The results of its rules about single events, in their order.</param>
    public static IEnumerable<CheckedRule> Of(SigmaRuleSet set, IReadOnlyList<CheckedRule> rules)
    {
        var known = new Dictionary<object, CheckedRule>(ReferenceEqualityComparer.Instance);
        foreach (var (rule, result) in set.Rules.Where(rule => !rule.IsCopy).Zip(rules)) known[rule] = result;
        return set.Correlations.Select(rule => Check(rule, known)).ToArray();
    }

    private static CheckedRule Check(CorrelationRule rule, Dictionary<object, CheckedRule> known)
    {
        if (known.TryGetValue(rule, out var done)) return done;
        var sources = rule.Sources.Select(source => source.Correlation is { } inner ? Check(inner, known) : known[source.Rule!]).ToArray();
        var reasons = new List<CheckReason>();
        for (var i = 0; i < sources.Length; i++)
        {
            if (sources[i].Verdict == RuleVerdict.CanFire) continue;
            var at = rule.Syntax.Rules[i].At;
            var how = sources[i].Verdict == RuleVerdict.Degraded ? "is degraded" : "can never fire";
            reasons.Add(new CheckReason(CheckReasons.Rule, sources[i].Id, at.Line, at.Column, $"the rule '{sources[i].Title}' {how} here"));
        }

        // How many of the rules must match is the temporal condition; the other types are content with one of them.
        var needed = rule.Type is CorrelationType.Temporal or CorrelationType.TemporalOrdered ? Needed(rule) : 1;
        var verdict = sources.Count(source => source.Verdict != RuleVerdict.CanNeverFire) < needed ? RuleVerdict.CanNeverFire
            : reasons.Count > 0 ? RuleVerdict.Degraded
            : RuleVerdict.CanFire;
        return known[rule] = new CheckedRule(rule.File, rule.Line, rule.Id, rule.Title, verdict, reasons,
            verdict == RuleVerdict.CanNeverFire ? [] : [.. sources.SelectMany(source => source.FedBy).Distinct().Order()]);
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
