using Picket.Detection.Alerts;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Ast;

namespace Picket.Spec.Sigma.Correlation;

/// <summary>
/// The obvious correlation: keeps every match that ever came and counts again from the whole list each time. Shares the reading of rules
/// with the engine, and nothing else.
/// </summary>
internal sealed class SlowCorrelation(SigmaRuleSet set, TimeSpan lateness)
{
    private readonly Dictionary<(CorrelationRule, string), Members> _groups = [];

    /// <summary>What fired, as text.</summary>
    public List<string> Fired { get; } = [];

    public void Hear(SigmaRule rule, long time, StableId id, IReadOnlyDictionary<string, string> fields)
    {
        foreach (var correlation in set.Correlations)
        {
            for (var i = 0; i < correlation.Sources.Count; i++)
            {
                if (correlation.Sources[i].Rule == rule) Hear(correlation, i, time, id, name => fields.GetValueOrDefault(name));
            }
        }
    }

    /// <summary>A firing as text; a decimal zero may have a sign, which is no difference.</summary>
    public static string Show(CorrelationRule rule, long end, IEnumerable<StableId> events, int count, double value) =>
        FormattableString.Invariant($"{rule.Title} at {end}: {count}, {value + 0.0:0.######}, {string.Join(' ', events)}");

    private void Hear(CorrelationRule rule, int source, long time, StableId id, Func<string, string?> field)
    {
        string? Value(string name) => field(rule.FieldOf(name, source));
        var group = rule.GroupBy.Select(Value).ToArray();
        if (group.Length > 0 && group.All(value => value is null)) return;
        var values = rule.Syntax.Fields.Select(Value).ToArray();
        if (values.Contains(null)) return;
        var number = 0m;
        if (rule.Type >= CorrelationType.ValueSum && !decimal.TryParse(values[0], System.Globalization.CultureInfo.InvariantCulture, out number)) return;

        var key = string.Join('|', group.Select(value => value is null ? "-" : $"{value.Length}:{value}"));
        if (!_groups.TryGetValue((rule, key), out var members)) _groups[(rule, key)] = members = new Members { Newest = time };

        // Both ends of a window belong to it.
        var span = rule.Timespan.Ticks * 100 + 1;
        var late = Math.Min(span, lateness.Ticks * 100);
        if (time <= members.Newest - span - late) return;
        if (members.All.Any(member => member.Time == time && member.Id == id && member.Source == source)) return;
        members.All.Add(new Member(time, members.All.Count, id, source, string.Join('|', values.Select(value => $"{value!.Length}:{value}")), number));
        members.Newest = Math.Max(members.Newest, time);

        var ends = members.All.Select(member => member.Time)
            .Where(end => end >= time && end < time + span && end >= members.Newest - late && end >= members.SilentUntil).Distinct().Order();
        foreach (var end in ends)
        {
            var window = members.All.Where(member => member.Time > end - span && member.Time <= end).OrderBy(member => member.Time).ThenBy(member => member.Number).ToList();
            if (AmountOf(rule, window) is not { } amount) continue;
            if (!(rule.Syntax.Expression is { } expression ? Holds(rule, expression, window) : Holds(rule, amount))) continue;
            members.SilentUntil = end + span;
            StableId[] events = [.. Witnesses(rule, window).Select(member => member.Id)];
            if (rule.Alerts) Fired.Add(Show(rule, end, events, window.Count, (double)amount));
            var alert = AlertIds.OfAlert(rule.Alert, events);
            foreach (var outer in set.Correlations)
            {
                for (var i = 0; i < outer.Sources.Count; i++)
                {
                    if (outer.Sources[i].Correlation == rule) Hear(outer, i, end, alert, Value);
                }
            }

            break;
        }
    }

    private static decimal? AmountOf(CorrelationRule rule, List<Member> window) => rule.Type switch
    {
        CorrelationType.EventCount => window.Count,
        CorrelationType.ValueCount => window.Select(member => member.Value).Distinct().Count(),
        CorrelationType.Temporal => window.Select(member => member.Source).Distinct().Count(),
        CorrelationType.TemporalOrdered => HasChain(rule, window) ? rule.Sources.Count : null,
        CorrelationType.ValueSum => window.Sum(member => member.Amount),
        CorrelationType.ValueAvg => window.Sum(member => member.Amount) / window.Count,
        _ => window.Select(member => member.Amount).Order().ElementAt(
            Math.Max(1, (int)Math.Ceiling((decimal)rule.Syntax.Percentile * window.Count / 100)) - 1),
    };

    /// <summary>Whether there are matches of all rules whose times do not go back.</summary>
    private static bool HasChain(CorrelationRule rule, List<Member> window)
    {
        bool From(int source, long time) => source == rule.Sources.Count
            || window.Any(member => member.Source == source && member.Time >= time && From(source + 1, member.Time));
        return From(0, long.MinValue);
    }

    /// <summary>Whether an expression over the rules holds for a window.</summary>
    private static bool Holds(CorrelationRule rule, ConditionNode node, List<Member> window)
    {
        bool IsThere(string name) => window.Any(member => rule.Syntax.Rules[member.Source].Text == name);
        bool Of(ConditionNode part) => part switch
        {
            ConditionNode.And and => !and.Parts.Any(inner => !Of(inner)),
            ConditionNode.Or or => or.Parts.Any(Of),
            ConditionNode.Not not => !Of(not.Part),
            ConditionNode.AtLeast some => some.Selections.Where(IsThere).Take(some.Count).Count() == some.Count,
            _ => IsThere(((ConditionNode.SelectionName)part).Selection),
        };
        return Of(node);
    }

    private static bool Holds(CorrelationRule rule, decimal amount) => rule.Syntax.Criteria.All(criterion => criterion.Operator switch
    {
        CorrelationOperator.Lt => amount < (decimal)criterion.Threshold,
        CorrelationOperator.Lte => amount <= (decimal)criterion.Threshold,
        CorrelationOperator.Gt => amount > (decimal)criterion.Threshold,
        CorrelationOperator.Gte => amount >= (decimal)criterion.Threshold,
        CorrelationOperator.Eq => amount == (decimal)criterion.Threshold,
        _ => amount != (decimal)criterion.Threshold,
    });

    private static IEnumerable<Member> Witnesses(CorrelationRule rule, List<Member> window)
    {
        if (rule.Type == CorrelationType.Temporal)
            return window.GroupBy(member => member.Source).Select(group => group.Last()).OrderBy(window.IndexOf);
        if (rule.Type != CorrelationType.TemporalOrdered) return window;
        var chain = new List<Member>();
        for (var source = rule.Sources.Count - 1; source >= 0; source--)
            chain.Insert(0, window.Last(member => member.Source == source && (chain.Count == 0 || member.Time <= chain[0].Time)));
        return chain;
    }

    private sealed record Member(long Time, int Number, StableId Id, int Source, string Value, decimal Amount);

    private sealed class Members
    {
        public List<Member> All { get; } = [];

        public long Newest { get; set; }

        public long SilentUntil { get; set; } = long.MinValue;
    }
}
