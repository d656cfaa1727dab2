using System.Globalization;
using Picket.Detection.Alerts;
using Picket.Detection.Events;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Trial;

namespace Picket.Node.RuleTests;

/// <summary>One case while it takes its events, and what it expects of them.</summary>
/// <param name="test">The case.</param>
/// <param name="rules">The rules that are asked about each event.</param>
/// <param name="correlations">The correlations that are asked about all of them.</param>
internal sealed class RuleTestRun(
    RuleTestCase test, IReadOnlyList<(SigmaRule Rule, SigmaEngine Engine)> rules, IReadOnlyList<CorrelationTrial> correlations)
{
    private readonly List<(SigmaRule Rule, RuleTrial Trial)> _first = [];
    private int _matched;

    /// <summary>
    /// The first answer of a rule that is none, else the first that is not the wanted one; where a correlation does not fire, the first
    /// event's to a rule of it that never matched.
    /// </summary>
    public (SigmaRule Rule, RuleTrial Trial) Blamed { get; private set; }

    /// <summary>Events taken.</summary>
    public int Events { get; private set; }

    /// <summary>The correlations with what they said.</summary>
    public IReadOnlyList<CorrelationTrial> Correlations => correlations;

    /// <summary>Takes the next event.</summary>
    public void Take(in EventView view)
    {
        Events++;
        if (rules.Count > 0 && Ask(view)) _matched++;

        // Events that are written in a test are inputs of their own, so that their ids may be the same.
        var id = test.EventFile is null ? new StableId((UInt128)Events) : AlertIds.OfEvent(view);
        foreach (var correlation in correlations)
        {
            correlation.Take(view, id);
            if (Events > 1) continue;
            foreach (var source in correlation.Sources) _first.Add((source.Rule, RuleTrial.Of(SigmaEngine.Build([source.Rule]), view)));
        }
    }

    /// <summary>What is not as expected, or null.</summary>
    public string? Problem() => correlations.Count == 0 ? OfMatches() : OfFirings();

    /// <summary>
    /// Whether one of the rules matches; remembers the first answer that is not the wanted one, or before it one that is none.
    /// </summary>
    private bool Ask(in EventView view)
    {
        var matches = false;
        (SigmaRule, RuleTrial)? other = null, failed = null;
        foreach (var (rule, engine) in rules)
        {
            var trial = RuleTrial.Of(engine, view);
            if (trial.Matches) matches = true;
            if (trial.Failure is not null) failed ??= (rule, trial);
            if (trial.Matches != test.Match) other ??= (rule, trial);
        }

        if (failed is { } none && Blamed.Trial?.Failure is null) Blamed = none;
        else if (matches != test.Match && Blamed.Rule is null && other is { } first) Blamed = first;
        return matches;
    }

    private string? OfMatches()
    {
        if (Blamed.Trial?.Failure is not null) return "the rule could not be asked";
        if (test.Count is { } count) return _matched == count ? null : $"{_matched} of {Events} events match, not {count}";
        if (!test.Match) return _matched == 0 ? null : Of(_matched, "matches, and must not");
        if (test.EventFile is not null) return _matched > 0 ? null : $"none of {Events} events matches";
        return _matched == Events ? null : Of(Events - _matched, "does not match");

        string Of(int which, string what) => Events == 1 ? $"the event {what}" : $"{which} of {Events} events: {what}";
    }

    private string? OfFirings()
    {
        if (correlations.Sum(trial => trial.Undated) is > 0 and var undated)
        {
            return string.Create(CultureInfo.InvariantCulture,
                $"{undated} matches have no time: events of a correlation have an 'at', or a field such as @timestamp");
        }

        var firings = correlations.SelectMany(trial => trial.Firings).ToList();
        var times = firings.Count == 1 ? "once" : $"{firings.Count} times";
        if (!test.Match) return firings.Count == 0 ? null : $"the correlation fires {times}, and must not";
        if (test.Count is { } count && firings.Count != count) return $"the correlation fires {times}, not {count}";
        if (firings.Count == 0)
        {
            var silent = correlations.SelectMany(trial => trial.Sources).Where(source => source.Matches == 0).ToList();
            Blamed = _first.Find(answer => silent.Exists(source => source.Rule == answer.Rule));
            return "the correlation does not fire";
        }

        return test.Groups is { } groups ? OfGroups(groups, firings) : null;
    }

    private string? OfGroups(
        IReadOnlyList<IReadOnlyList<KeyValuePair<string, string?>>> groups, IReadOnlyList<FiringTrial> firings)
    {
        foreach (var (name, _) in groups.SelectMany(group => group))
        {
            if (!correlations.Any(trial => trial.Rule.GroupBy.Contains(name)))
                return $"'group-by' has no '{name}': {string.Join(", ", correlations.SelectMany(trial => trial.Rule.GroupBy).Distinct())}";
        }

        if (groups.FirstOrDefault(group => !firings.Any(firing => Fits(firing, group))) is { } missing)
            return $"the correlation does not fire for {CorrelationText.Group(missing)}";
        return firings.FirstOrDefault(firing => !groups.Any(group => Fits(firing, group))) is { } other
            ? $"the correlation fires for {CorrelationText.Group(other.Firing.Group)}, which is not among the groups"
            : null;
    }

    private static bool Fits(FiringTrial firing, IReadOnlyList<KeyValuePair<string, string?>> group) =>
        group.All(firing.Firing.Group.Contains);
}
