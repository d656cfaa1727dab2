using System.Numerics;
using Picket.Detection.Alerts;
using Picket.Detection.Events;
using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Index;
using Picket.Detection.Sigma.Matching;

namespace Picket.Detection.Sigma;

/// <summary>
/// Asks every rule about every event it is offered: the index names candidates, each is decided exactly. An instance
/// belongs to one thread at a time; <see cref="Share"/> gives another over the same compiled rules.
/// </summary>
public sealed class SigmaEngine
{
    private readonly RuleNetwork _network;
    private readonly SigmaRule[] _rules;
    private readonly SigmaEngineOptions _options;
    private readonly AtomMemo _memo;
    private readonly ulong[] _candidates;
    private readonly ulong[] _disabled;
    private readonly RuleFailures?[] _failures;
    private readonly ContextHits _hits;
    private readonly PlanCache _plans;

    private SigmaEngine(RuleNetwork network, SigmaRule[] rules, SigmaEngineOptions options, SigmaInterest interest)
    {
        _network = network;
        _rules = rules;
        _options = options;
        Interest = interest;
        _memo = new AtomMemo(network.Atoms);
        _candidates = new ulong[(rules.Length + 63) / 64];
        _disabled = new ulong[_candidates.Length];
        _failures = new RuleFailures?[rules.Length];
        _hits = new ContextHits(_candidates.Length);
        _plans = new PlanCache(network);
    }

    /// <summary>The rules, in their order.</summary>
    public IReadOnlyList<SigmaRule> Rules => _rules;

    /// <summary>What the rules ask of the sensors.</summary>
    public SigmaInterest Interest { get; }

    /// <summary>Compiles <paramref name="rules"/> into one engine.</summary>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">An option is out of its range.</exception>
    public static SigmaEngine Build(IReadOnlyList<SigmaRule> rules, SigmaEngineOptions? options = null) => Build(rules, options, null);

    /// <summary>Another engine over the same compiled rules, for another thread; failures count apart.</summary>
    public SigmaEngine Share() => new(_network, _rules, _options, Interest);

    /// <summary>Asks all rules that the event is offered to, in their order.</summary>
    public void Evaluate(in EventView view, ISigmaSink sink) // hot
    {
        if (!Routing.TryRouteOf(view.Record, out var route)) return;
        var plan = _plans.Of(route);
        _memo.Begin(view);
        FindCandidates(plan, view);
        var byRule = route != EventRoute.Any && ReferenceEquals(plan, _network.All);
        for (var word = 0; word < _candidates.Length; word++)
        {
            for (var bits = _candidates[word] & ~_disabled[word]; bits != 0; bits &= bits - 1)
            {
                var rule = (word << 6) + BitOperations.TrailingZeroCount(bits);
                if (byRule && !Routing.Offers(route, _network.SourceOf(rule))) continue;
                if (Decide(rule, view, sink)) sink.OnMatch(_rules[rule], view);
            }
        }
    }

    /// <summary>Why <paramref name="rule"/> matches <paramref name="view"/>: each selection that holds and counts, with the values that
    /// made it hold; empty when the rule does not match or belongs to another engine.</summary>
    public IReadOnlyList<AlertMatch> Explain(SigmaRule rule, in EventView view)
    {
        var index = Array.IndexOf(_rules, rule);
        if (index < 0) return [];
        _memo.Begin(view);
        return Explanation.Of(_network.Programs[index], _memo.Values, view);
    }

    /// <summary>
    /// The engine, with an index that keeps only the literals that <paramref name="keep"/> wants: how tests plant a defect.
    /// </summary>
    internal static SigmaEngine Build(IReadOnlyList<SigmaRule> rules, SigmaEngineOptions? options, Predicate<IndexLiteral>? keep)
    {
        ArgumentNullException.ThrowIfNull(rules);
        options ??= new SigmaEngineOptions();
        options.Validate();
        var compiled = new CompiledRule[rules.Count];
        for (var i = 0; i < compiled.Length; i++) compiled[i] = new CompiledRule(DnsParts.SourceOf(rules[i].Syntax), rules[i].Ir);

        return new SigmaEngine(new RuleNetwork(compiled, keep), [.. rules], options, InterestOf(rules));
    }

    /// <summary>The index's view of a rule, for tests and statistics.</summary>
    internal IReadOnlyList<IndexLiteral>? ClauseOf(int rule) => _network.ClauseOf(rule);

    private void FindCandidates(RoutePlan plan, in EventView view) // hot
    {
        var candidates = _candidates.AsSpan();
        plan.Always.CopyTo(candidates);
        var values = _memo.Values;
        var entries = view.Entries;
        if (!_hits.TryAdd(plan, view, candidates)) ReadContext(plan, view, candidates);
        var anyField = plan.AnyField;
        for (var i = 0; i < entries.Length; i++)
        {
            var automaton = plan.AutomatonOf(entries[i].Id);
            if (automaton is null && anyField is null) continue;
            var value = new MatchValue(values, i, view.ValueOf(entries[i]));
            if (!value.HasText) continue;
            var folded = value.Folded;
            automaton?.Scan(folded, candidates);
            anyField?.Scan(folded, candidates);
        }
    }

    /// <summary>What the context says where the record says nothing itself.</summary>
    private void ReadContext(RoutePlan plan, in EventView view, Span<ulong> candidates) // hot
    {
        var values = _memo.Values;
        var fields = plan.Fields;
        for (var i = 0; i < fields.Length; i++)
        {
            if (values.FirstOf(fields[i]) >= 0) continue;
            var found = view.OfContext(fields[i]);
            if (found.Kind >= FieldKind.Text) plan.Automaton(i).Scan(values.Fold(~fields[i].Value, found.Text), candidates);
        }
    }

    /// <summary>Whatever a rule throws stays with that rule and this event; the next rule is asked.</summary>
    private bool Decide(int rule, in EventView view, ISigmaSink sink) // hot
    {
        Exception failure;
        try
        {
            return _memo.Run(_network.Programs[rule], view);
        }
        catch (Exception caught)
        {
            failure = caught;
        }

        sink.OnFailure(_rules[rule], view, failure);
        var window = _failures[rule] ??= new RuleFailures(_options);
        if (window.Add())
        {
            _disabled[rule >> 6] |= 1UL << (rule & 63);
            sink.OnDisabled(_rules[rule], _options.FailureLimit, _options.FailureWindow);
        }

        return false;
    }

    private static SigmaInterest InterestOf(IReadOnlyList<SigmaRule> rules)
    {
        var sources = new HashSet<(string?, string?, string?)>();
        var fields = new SortedSet<string>(StringComparer.Ordinal);
        var keywords = false;
        foreach (var rule in rules)
        {
            sources.Add((rule.LogSource.Product, rule.LogSource.Category, rule.LogSource.Service));
            foreach (var item in RuleFields.Of(rule.Syntax))
            {
                if (item is null) keywords = true;
                else fields.Add(item);
            }
        }

        return new SigmaInterest([.. sources], [.. fields], keywords);
    }
}
