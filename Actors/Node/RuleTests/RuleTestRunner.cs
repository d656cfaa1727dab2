using System.Diagnostics;
using Picket.Detection.Events;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Trial;
using Picket.Sensors.Replay;

namespace Picket.Node.RuleTests;

/// <summary>Runs the cases of one file of rules.</summary>
internal sealed class RuleTestRunner
{
    private readonly List<(SigmaRule Rule, SigmaEngine Engine)> _rules;
    private readonly IReadOnlyList<CorrelationRule> _correlations;

    /// <summary>Compiles the rules, each by itself.</summary>
    public RuleTestRunner(SigmaRuleSet rules)
    {
        _rules = [.. rules.Rules.Select(rule => (rule, SigmaEngine.Build([rule])))];
        _correlations = rules.Correlations;
    }

    /// <summary>Runs one case.</summary>
    public RuleTestResult Run(RuleTestCase test)
    {
        var clock = Stopwatch.StartNew();
        var asked = _rules.FindAll(rule => test.Rule is null || IsCalled(test.Rule, rule.Rule.Id, rule.Rule.Name, rule.Rule.Title));
        if (asked.Count == 0) return Failed(WhyNone(test.Rule));
        var malformed = new List<string>();
        int events = 0, matched = 0;
        (SigmaRule, RuleTrial)? blamed = null;
        try
        {
            foreach (var batch in Events(test, record => malformed.Add(record.ToString())))
            {
                for (var i = 0; i < batch.Count; i++)
                {
                    events++;
                    if (Ask(asked, batch.View(i), test.Match, ref blamed)) matched++;
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Failed(e.Message);
        }

        if (malformed.Count > 0) return Failed(malformed[0]);
        if (events == 0) return Failed("there is no event");
        var problem = blamed?.Item2.Failure is not null ? "the rule could not be asked" : Expect(test, events, matched);
        return new RuleTestResult(test, problem is null, problem, problem is null ? null : blamed?.Item1,
            problem is null ? null : blamed?.Item2, clock.Elapsed);

        RuleTestResult Failed(string problem) => new(test, false, problem, null, null, clock.Elapsed);
    }

    private string WhyNone(string? name)
    {
        if (name is null) return "there is no sound rule to test";
        return _correlations.Any(rule => IsCalled(name, rule.Id, rule.Name, rule.Title))
            ? $"'{name}' is a correlation: tests ask rules about one event at a time, replay asks correlations"
            : $"no rule is called '{name}'";
    }

    private static bool IsCalled(string called, string? id, string? name, string title) =>
        string.Equals(id, called, StringComparison.OrdinalIgnoreCase) || name == called || title == called;

    private static IEnumerable<EventBatch> Events(RuleTestCase test, Action<MalformedRecord> onMalformed) => test.EventFile is { } file
        ? RecordedEvents.OfFile(file, onMalformed)
        : test.Inline.SelectMany((bytes, index) => RecordedEvents.OfText(bytes, $"event {index + 1}", onMalformed));

    /// <summary>Whether one of the rules matches; remembers the first answer that is not the wanted one, or before it one that is none.</summary>
    private static bool Ask(
        List<(SigmaRule Rule, SigmaEngine Engine)> rules, in EventView view, bool wanted, ref (SigmaRule, RuleTrial)? blamed)
    {
        var matches = false;
        (SigmaRule, RuleTrial)? other = null, failed = null;
        foreach (var (rule, engine) in rules)
        {
            var trial = RuleTrial.Of(engine, view);
            if (trial.Matches) matches = true;
            if (trial.Failure is not null) failed ??= (rule, trial);
            if (trial.Matches != wanted) other ??= (rule, trial);
        }

        if (failed is not null && blamed?.Item2.Failure is null) blamed = failed;
        else if (matches != wanted) blamed ??= other;
        return matches;
    }

    private static string? Expect(RuleTestCase test, int events, int matched)
    {
        if (test.Count is { } count) return matched == count ? null : $"{matched} of {events} events match, not {count}";
        if (!test.Match) return matched == 0 ? null : Of(matched, "matches, and must not");
        if (test.EventFile is not null) return matched > 0 ? null : $"none of {events} events matches";
        return matched == events ? null : Of(events - matched, "does not match");

        string Of(int which, string what) => events == 1 ? $"the event {what}" : $"{which} of {events} events: {what}";
    }
}
