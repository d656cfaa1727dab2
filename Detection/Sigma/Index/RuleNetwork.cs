using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
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
    private readonly IReadOnlyList<int>?[] _clauses;
    private readonly int[] _firstRule;
    private readonly int[] _rulesOf;
    private readonly Lock _building = new();
    private readonly ConcurrentDictionary<EventRoute, RoutePlan> _plans = new();
    private RoutePlan? _all;

    public RuleNetwork(IReadOnlyList<CompiledRule> rules, Predicate<IndexLiteral>? keep = null)
    {
        // Who routes records looks names up: those of kinship must be there before the first record is.
        RuntimeHelpers.RunClassConstructor(typeof(CategoryKin).TypeHandle);
        _rules = rules;
        Keep = keep;
        var linker = new Linker();
        Programs = new RuleProgram[rules.Count];
        _clauses = new IReadOnlyList<int>?[rules.Count];
        for (var i = 0; i < rules.Count; i++)
        {
            Programs[i] = linker.Link(rules[i].Ir);
            _clauses[i] = Clause.Of(rules[i].Ir, linker.NumberOf);
        }

        Atoms = linker.Atoms;
        (_firstRule, _rulesOf) = ByAtom(_clauses, Atoms.Length);
        Meanings = Array.ConvertAll(Atoms, MeaningOf);
    }

    public RuleProgram[] Programs { get; }

    public Atom[] Atoms { get; }

    /// <summary>What an atom's mark says, by its number.</summary>
    public MarkMeaning[] Meanings { get; }

    /// <summary>Which literals the index keeps; null keeps all.</summary>
    public Predicate<IndexLiteral>? Keep { get; }

    /// <summary>The plan of all rules.</summary>
    public RoutePlan All => _all ??= PlanOf(EventRoute.Any);

    /// <summary>The atoms of which one is marked whenever the rule matches; null when the rule is always a candidate.</summary>
    public IReadOnlyList<int>? ClauseOf(int rule) => _clauses[rule];

    /// <summary>The rules that the mark of <paramref name="atom"/> makes candidates.</summary>
    public ReadOnlySpan<int> RulesOf(int atom) => _rulesOf.AsSpan(_firstRule[atom], _firstRule[atom + 1] - _firstRule[atom]); // hot

    public EventRoute SourceOf(int rule) => _rules[rule].Source;

    /// <summary>The plan of a route; <see cref="All"/> when there are too many routes already.</summary>
    public RoutePlan PlanOf(EventRoute route)
    {
        if (_plans.TryGetValue(route, out var known)) return known;
        lock (_building)
        {
            if (_plans.TryGetValue(route, out known)) return known;
            if (_plans.Count >= MaxPlans && route != EventRoute.Any) return PlanOf(EventRoute.Any);
            var plan = RoutePlan.Build(this, route, _plans.Count);
            _plans[route] = plan;
            return plan;
        }
    }

    /// <summary>For each atom where its rules begin, and the rules of all, each once, in their order.</summary>
    private static (int[] First, int[] Rules) ByAtom(IReadOnlyList<int>?[] clauses, int atoms)
    {
        // A clause may name an atom twice; counted is, for each atom, the last rule that was, and one more.
        var first = new int[atoms + 1];
        var counted = new int[atoms];
        for (var i = 0; i < clauses.Length; i++)
        {
            foreach (var atom in clauses[i] ?? [])
            {
                if (counted[atom] <= i) first[atom + 1]++;
                counted[atom] = i + 1;
            }
        }

        for (var atom = 0; atom < atoms; atom++) first[atom + 1] += first[atom];
        var (next, rules) = (first[..atoms], new int[first[atoms]]);
        Array.Clear(counted);
        for (var i = 0; i < clauses.Length; i++)
        {
            foreach (var atom in clauses[i] ?? [])
            {
                if (counted[atom] <= i) rules[next[atom]++] = i;
                counted[atom] = i + 1;
            }
        }

        return (first, rules);
    }

    private static MarkMeaning MeaningOf(Atom atom) => atom.IsOfValues ? MarkMeaning.Holds
        : atom.IsMarked ? MarkMeaning.MayHold : MarkMeaning.Nothing;
}
