using Picket.Detection.Alerts;
using Picket.Detection.Events;
using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Classes;
using Picket.Detection.Sigma.Index;

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
    private readonly ulong[] _disabled;
    private readonly RuleFailures?[] _failures;
    private readonly Classifier _classifier;
    private readonly Decider _decider;
    private readonly PlanCache _plans;

    private SigmaEngine(RuleNetwork network, SigmaRule[] rules, SigmaEngineOptions options, SigmaInterest interest)
    {
        _network = network;
        _rules = rules;
        _options = options;
        Interest = interest;
        _memo = new AtomMemo(network.Atoms);
        _disabled = new ulong[(rules.Length + 63) / 64];
        _failures = new RuleFailures?[rules.Length];
        _classifier = new Classifier(network, options.RememberedValues);
        _decider = new Decider(network);
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

    /// <summary>
    /// Takes over what another engine of another set has counted of rules that are the same: their failures, and that they were switched
    /// off. The other one is not used after that.
    /// </summary>
    public void TakeOver(SigmaEngine before)
    {
        ArgumentNullException.ThrowIfNull(before);
        var counted = new Dictionary<(string, string), Queue<int>>();
        for (var i = 0; i < before._rules.Length; i++)
        {
            if (before._failures[i] is null) continue;
            if (!counted.TryGetValue(before._rules[i].Identity, out var same)) counted[before._rules[i].Identity] = same = new Queue<int>();
            same.Enqueue(i);
        }

        for (var i = 0; i < _rules.Length && counted.Count > 0; i++)
        {
            if (!counted.TryGetValue(_rules[i].Identity, out var same) || !same.TryDequeue(out var old)) continue;
            _failures[i] = before._failures[old];
            if ((before._disabled[old >> 6] >> (old & 63) & 1) != 0) _disabled[i >> 6] |= 1UL << (i & 63);
        }
    }

    /// <summary>How many rules the index offered for the last event: what had to be decided of all that could match.</summary>
    public int Candidates { get; private set; }

    /// <summary>Asks all rules that the event is offered to, in their order.</summary>
    public void Evaluate(in EventView view, ISigmaSink sink) // hot
    {
        Candidates = 0;
        if (!Routing.TryRouteOf(view.Record, out var route)) return;
        var state = _plans.Of(route);
        _classifier.Classify(state, view);
        var decision = _decider.Decide(state, _classifier);
        Candidates = decision.Candidates;
        if (decision.Count == 0) return;
        var byRule = route != EventRoute.Any && ReferenceEquals(state.Plan, _network.All);
        var begun = false;
        SigmaRule? last = null;
        foreach (var found in state.Decisions.Rules(decision))
        {
            var rule = found >> 1;
            if ((_disabled[rule >> 6] >> (rule & 63) & 1) != 0) continue;

            // Copies follow their rule; an event that several of them match is one match.
            if (ReferenceEquals(_rules[rule].Original, last)) continue;
            if (byRule && !Routing.Offers(route, _network.SourceOf(rule))) continue;
            if ((found & 1) != 0)
            {
                if (!begun) _memo.Begin(view);
                begun = true;
                if (!Ask(rule, view, sink)) continue;
            }

            last = _rules[rule].Original;
            sink.OnMatch(_rules[rule], view);
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
        for (var i = 0; i < compiled.Length; i++) compiled[i] = new CompiledRule(HashParts.SourceOf(rules[i].Syntax), rules[i].Ir);

        return new SigmaEngine(new RuleNetwork(compiled, keep), [.. rules], options, InterestOf(rules));
    }

    /// <summary>The atoms of which the index finds one whenever a rule matches; null for one that is always a candidate.</summary>
    internal IReadOnlyList<int>? ClauseOf(int rule) => _network.ClauseOf(rule);

    /// <summary>Whatever a rule throws stays with that rule and this event; the next rule is asked.</summary>
    private bool Ask(int rule, in EventView view, ISigmaSink sink) // hot
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
