using System.Text;
using System.Text.RegularExpressions;
using Picket.Detection.Alerts;
using Picket.Detection.Events;
using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Compilation;
using Picket.Detection.Sigma.Scan;

namespace Picket.Detection.Sigma.Trial;

/// <summary>
/// One rule asked about one event, with what made the answer: for the authors of rules. The answer is the engine's; what each item says is
/// the full scan's, which asks all of them.
/// </summary>
/// <param name="IsOffered">Whether the event's log source is one that the rule is asked about.</param>
/// <param name="Source">The event's log source, <c>product/category/service</c>, with a star for what it does not say.</param>
/// <param name="Matches">Whether the rule matches.</param>
/// <param name="Why">What made it match.</param>
/// <param name="Selections">Every selection, in the rule's order; those that could be asked.</param>
/// <param name="Failure">Why the rule could not be asked; null when it could.</param>
public sealed record RuleTrial(
    bool IsOffered,
    string Source,
    bool Matches,
    IReadOnlyList<AlertMatch> Why,
    IReadOnlyList<SelectionTrial> Selections,
    string? Failure)
{
    /// <summary>Asks <paramref name="engine"/>, whose only rule it is, about <paramref name="view"/>.</summary>
    public static RuleTrial Of(SigmaEngine engine, in EventView view)
    {
        ArgumentNullException.ThrowIfNull(engine);
        var rule = engine.Rules[0];
        var answer = new Answer();
        engine.Evaluate(view, answer);
        var offered = Index.Routing.TryRouteOf(view.Record, out var route)
            && Index.Routing.Offers(route, Index.HashParts.SourceOf(rule.Syntax));
        var source = NameOf(view.Record.Route);
        if (answer.Failure is not null) return new RuleTrial(offered, source, false, [], [], answer.Failure);
        var @event = new ScanEvent(view);
        var selections = new List<SelectionTrial>();
        try
        {
            foreach (var selection in rule.Syntax.Selections) selections.Add(Ask(selection, rule.Syntax, @event));
        }
        catch (RegexMatchTimeoutException)
        {
            // The engine asks no more than it must, and had an answer without this item: what was not asked is not told.
        }

        return new RuleTrial(
            offered, source, answer.Matches, answer.Matches ? engine.Explain(rule, view) : [], selections, WhyIdle(rule));
    }

    private static string? WhyIdle(SigmaRule rule) => rule.IsIdle
        ? $"no pipeline gives values for {string.Join(", ", Unfilled.In(rule.Syntax.Selections, rule.Syntax.Placeholders)
            .Select(one => $"%{one.Name}%").Distinct())}, so that it takes no part"
        : null;

    private static SelectionTrial Ask(SelectionSyntax selection, RuleSyntax rule, ScanEvent @event)
    {
        var alternatives = new List<IReadOnlyList<ItemTrial>>();
        foreach (var group in selection.Alternatives)
        {
            var items = new List<ItemTrial>();
            foreach (var item in group.Items)
            {
                var found = item.Field is null ? @event.All : @event.Of(item.Field);
                items.Add(new ItemTrial(KeyOf(item), item.At.Line, item.At.Column, new ScanItem(item, rule.Placeholders).Matches(@event),
                    [.. item.Values.Select(value => value.Kind == RuleValueKind.Null ? "null" : value.Text)],
                    [.. found.Select(value => value.IsNull ? null : value.Text)]));
            }

            alternatives.Add(items);
        }

        return new SelectionTrial(selection.Name, alternatives.Any(items => items.All(item => item.Holds)), alternatives);
    }

    private static string KeyOf(DetectionItem item)
    {
        var key = new StringBuilder(item.Field);
        if (item.Every) key.Append("[all]");
        foreach (var modifier in item.Modifiers)
        {
            key.Append('|').Append(modifier switch
            {
                Modifier.IgnoreCase => "i",
                Modifier.MultiLine => "m",
                Modifier.DotAll => "s",
                _ => modifier.ToString().ToLowerInvariant(),
            });
        }

        return key.ToString();
    }

    private static string NameOf(EventRoute route) => $"{Part(route.Product)}/{Part(route.Category)}/{Part(route.Service)}";

    private static string Part(byte number) => number switch
    {
        0 => "*",
        EventRouteTable.NoRules => "another",
        _ => EventRouteTable.NameOf(number),
    };

    /// <summary>Keeps what the engine says.</summary>
    private sealed class Answer : ISigmaSink
    {
        public bool Matches { get; private set; }

        public string? Failure { get; private set; }

        public void OnMatch(SigmaRule rule, in EventView view) => Matches = true;

        public void OnFailure(SigmaRule rule, in EventView view, Exception failure) => Failure = failure.Message;

        public void OnDisabled(SigmaRule rule, int failures, TimeSpan within)
        {
        }
    }
}
