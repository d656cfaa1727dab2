using Picket.Detection.Alerts;
using Picket.Detection.Events;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Trial;

namespace Picket.Node.RuleTests;

/// <summary>Rules and correlations that are asked about the events of a file, with what they say.</summary>
internal sealed class RuleQuestion
{
    private readonly List<SigmaEngine[]> _rules;
    private readonly List<RuleAnswer> _answers = [];
    private readonly int _mostExplained;
    private int _explained;

    /// <summary>Compiles them.</summary>
    /// <param name="rules">The rules; a rule with its copies is one.</param>
    /// <param name="correlations">The correlations.</param>
    /// <param name="mostExplained">Events that do not match and of which it is kept why, at most.</param>
    public RuleQuestion(IEnumerable<SigmaRule> rules, IEnumerable<CorrelationRule> correlations, int mostExplained)
    {
        _rules = [.. rules.GroupBy(rule => rule.Original).Select(forms => forms.Select(form => SigmaEngine.Build([form])).ToArray())];
        Correlations = [.. correlations.Select(rule => new CorrelationTrial(rule))];
        _mostExplained = mostExplained;
    }

    /// <summary>Whether there is nothing to ask.</summary>
    public bool IsEmpty => _rules.Count + Correlations.Count == 0;

    /// <summary>Every match, and why others are none, in the order of the events.</summary>
    public IReadOnlyList<RuleAnswer> Answers => _answers;

    /// <summary>The correlations with what they said.</summary>
    public IReadOnlyList<CorrelationTrial> Correlations { get; }

    /// <summary>Events taken.</summary>
    public long Events { get; private set; }

    /// <summary>Matches of rules, those of rules that alert only as a part of correlations included.</summary>
    public long Matches { get; private set; }

    /// <summary>Firings of correlations.</summary>
    public long Firings => Correlations.Sum(trial => trial.Firings.Count);

    /// <summary>Whether something would be an alert: a match of a rule that alerts by itself, or a firing.</summary>
    public bool Alerts { get; private set; }

    /// <summary>Takes the next event.</summary>
    public void Take(in EventView view)
    {
        Events++;
        foreach (var forms in _rules)
        {
            var answer = Ask(forms, view);
            if (answer.Trial.Matches)
            {
                Matches++;
                Alerts |= answer.Rule.Alerts;
            }

            if (answer.Trial.Matches || _explained++ < _mostExplained) _answers.Add(answer);
        }

        var id = AlertIds.OfEvent(view);
        foreach (var correlation in Correlations)
        {
            correlation.Take(view, id);
            Alerts |= correlation.Firings.Count > 0;
        }
    }

    /// <summary>Asks a rule and its copies: what the first says that matches, else the first that is asked about such events.</summary>
    private static RuleAnswer Ask(SigmaEngine[] forms, in EventView view)
    {
        RuleAnswer? found = null;
        foreach (var form in forms)
        {
            var trial = RuleTrial.Of(form, view);
            if (found is null || trial.Matches || (trial.IsOffered && !found.Trial.IsOffered))
                found = new RuleAnswer(form.Rules[0], view.Source.File ?? "", view.Record.Sequence, trial);
            if (trial.Matches) break;
        }

        return found!;
    }
}
