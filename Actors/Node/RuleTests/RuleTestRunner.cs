using System.Diagnostics;
using Picket.Detection.Events;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Trial;
using Picket.Sensors.Replay;

namespace Picket.Node.RuleTests;

/// <summary>Runs the cases of one file of rules.</summary>
internal sealed class RuleTestRunner
{
    private readonly SigmaRuleSet _all;
    private readonly List<SigmaRule> _rules;
    private readonly List<CorrelationRule> _correlations;
    private readonly Dictionary<SigmaRule, SigmaEngine> _engines = [];

    /// <summary>Begins.</summary>
    /// <param name="all">The rules of all files; those that cases name may be in any of them.</param>
    /// <param name="file">The file whose cases are run: a case that names no rule means its rules.</param>
    public RuleTestRunner(SigmaRuleSet all, string file)
    {
        _all = all;
        _rules = [.. all.Rules.Where(rule => rule.File == file)];
        _correlations = [.. all.Correlations.Where(rule => rule.File == file)];
    }

    /// <summary>Runs one case.</summary>
    public RuleTestResult Run(RuleTestCase test)
    {
        var clock = Stopwatch.StartNew();
        var (rules, correlations) = Asked(test);
        var run = new RuleTestRun(
            test, [.. rules.Select(rule => (rule, EngineOf(rule)))], [.. correlations.Select(rule => new CorrelationTrial(rule))]);
        var problem = rules.Count + correlations.Count == 0 ? WhyNone(test)
            : test.Groups is not null && correlations.Count == 0 ? "'groups' is about correlations, and the rule is none"
            : Read(test, run) ?? run.Problem();
        var (rule, trial) = problem is null ? default : run.Blamed;
        return new RuleTestResult(test, problem is null, problem, rule, trial, run.Correlations, clock.Elapsed);
    }

    /// <summary>
    /// What a case asks: rules, or correlations. One that names neither asks the rules of its file about single events, unless it tells
    /// groups or there are none.
    /// </summary>
    private (List<SigmaRule> Rules, List<CorrelationRule> Correlations) Asked(RuleTestCase test)
    {
        if (test.Rule is not { } name)
        {
            var alerting = _correlations.FindAll(rule => rule.Alerts);
            return _rules.Count == 0 || (test.Groups is not null && alerting.Count > 0) ? ([], alerting) : (_rules, []);
        }

        var own = Called(name, _rules, _correlations);
        return own.Rules.Count + own.Correlations.Count > 0 ? own : Called(name, _all.Rules, _all.Correlations);
    }

    private static (List<SigmaRule> Rules, List<CorrelationRule> Correlations) Called(
        string name, IEnumerable<SigmaRule> rules, IEnumerable<CorrelationRule> correlations) => (
            [.. rules.Where(rule => IsCalled(name, rule.Id, rule.Name, rule.Title))],
            [.. correlations.Where(rule => IsCalled(name, rule.Id, rule.Name, rule.Title))]);

    private static bool IsCalled(string called, string? id, string? name, string title) =>
        string.Equals(id, called, StringComparison.OrdinalIgnoreCase) || name == called || title == called;

    private string WhyNone(RuleTestCase test)
    {
        if (test.Rule is not { } name) return "there is no sound rule to test";
        return _all.Errors.Count == 0 ? $"no rule is called '{name}'" : $"no sound rule is called '{name}'";
    }

    private SigmaEngine EngineOf(SigmaRule rule) =>
        _engines.TryGetValue(rule, out var known) ? known : _engines[rule] = SigmaEngine.Build([rule]);

    /// <summary>Gives a run the events of its case; what is wrong with these, or null.</summary>
    private static string? Read(RuleTestCase test, RuleTestRun run)
    {
        var malformed = new List<string>();
        try
        {
            foreach (var batch in Events(test, record => malformed.Add(record.ToString())))
            {
                for (var i = 0; i < batch.Count; i++) run.Take(batch.View(i));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }

        if (malformed.Count > 0) return malformed[0];
        return run.Events == 0 ? "there is no event" : null;
    }

    private static IEnumerable<EventBatch> Events(RuleTestCase test, Action<MalformedRecord> onMalformed) => test.EventFile is { } file
        ? RecordedEvents.OfFile(file, onMalformed)
        : test.Inline.SelectMany((bytes, index) => RecordedEvents.OfText(bytes, $"event {index + 1}", onMalformed));
}
