using System.Collections.Concurrent;
using Picket.Detection.Events;
using Picket.Detection.Sigma.Ir;

namespace Picket.Detection.Sigma.Index;

/// <summary>
/// All rules linked: equal atoms are one, each rule is a small program over atom numbers, and each route that occurs has
/// its index. Immutable but for the cache of plans; shared by all engines.
/// </summary>
internal sealed class RuleNetwork
{
    /// <summary>Routes come from data. Beyond this many the plan of all rules serves, and routing is asked per rule.</summary>
    private const int MaxPlans = 128;

    private readonly IReadOnlyList<CompiledRule> _rules;
    private readonly IReadOnlyList<IndexLiteral>?[] _clauses;
    private readonly ConcurrentDictionary<EventRoute, RoutePlan> _plans = new();
    private readonly Lock _building = new();

    public RuleNetwork(IReadOnlyList<CompiledRule> rules, Predicate<IndexLiteral>? keep = null)
    {
        _rules = rules;
        var linker = new Linker();
        Programs = new RuleProgram[rules.Count];
        _clauses = new IReadOnlyList<IndexLiteral>?[rules.Count];
        for (var i = 0; i < rules.Count; i++)
        {
            Programs[i] = linker.Link(rules[i].Ir);
            _clauses[i] = Clause.Of(rules[i].Ir);
            if (keep is not null && _clauses[i] is { } clause) _clauses[i] = [.. clause.Where(literal => keep(literal))];
        }

        Atoms = linker.Atoms;
        All = RoutePlan.Build(_rules, _clauses, EventRoute.Any, 0);
        _plans[EventRoute.Any] = All;
    }

    public RuleProgram[] Programs { get; }

    public Atom[] Atoms { get; }

    /// <summary>The plan of all rules.</summary>
    public RoutePlan All { get; }

    /// <summary>What the index asks of a rule; null when the rule is always a candidate.</summary>
    public IReadOnlyList<IndexLiteral>? ClauseOf(int rule) => _clauses[rule];

    public EventRoute SourceOf(int rule) => _rules[rule].Source;

    /// <summary>The plan of a route; <see cref="All"/> when there are too many routes already.</summary>
    public RoutePlan PlanOf(EventRoute route)
    {
        if (_plans.TryGetValue(route, out var known)) return known;
        lock (_building)
        {
            if (_plans.TryGetValue(route, out known)) return known;
            if (_plans.Count >= MaxPlans) return All;
            var plan = RoutePlan.Build(_rules, _clauses, route, _plans.Count);
            _plans[route] = plan;
            return plan;
        }
    }
}
