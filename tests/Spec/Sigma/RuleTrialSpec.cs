using Picket.Detection.Events;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Trial;

namespace Picket.Spec.Sigma;

/// <summary>What the author of a rule is told of one event.</summary>
public sealed class RuleTrialSpec
{
    [Theory]
    [InlineData("F: x", "F", "x", true)]
    [InlineData("F|contains|all: [x, z]", "F|contains|all", "x z", false)]
    [InlineData("F|re|i|m|s: '^X.'", "F|re|i|m|s", "^X.", true)]
    [InlineData("F|base64offset|contains: abc", "F|base64offset|contains", "abc", false)]
    [InlineData("'F[all]|startswith': x", "F[all]|startswith", "x", false)]
    [InlineData("F|cased: X", "F|cased", "X", false)]
    [InlineData("Gone: null", "Gone", "null", true)]
    [InlineData("F: [null, xy]", "F", "null xy", true)]
    [InlineData("F|exists: true", "F|exists", "true", true)]
    [InlineData("F|fieldref: G", "F|fieldref", "G", true)]
    public void An_item_is_told_as_the_rule_writes_it_with_its_values_and_the_events(string item, string key, string wanted, bool holds)
    {
        var trial = Try(Fires.Item(item), ("F", "x"), ("F", "xy"), ("F", null), ("G", "xy"));

        var told = Assert.Single(Assert.Single(Assert.Single(trial.Selections).Alternatives));
        Assert.Equal((key, holds), (told.Item, told.Holds));
        Assert.Equal(wanted.Split(' '), told.Wanted);
        Assert.Equal(key == "Gone" ? [] : ["x", "xy", null], told.Found);
        Assert.Equal((7, 9), (told.Line, told.Column));
        Assert.Equal((holds, holds), (trial.Selections[0].Holds, trial.Matches));
    }

    [Fact]
    public void Keywords_are_told_with_all_values_of_the_event()
    {
        var trial = Try(Fires.Rule("sel:\n    - one\n    - two\ncondition: sel"), ("F", "one"), ("", "x"), ("G", null));

        var told = Assert.Single(Assert.Single(trial.Selections[0].Alternatives));
        Assert.Equal(("", true), (told.Item, told.Holds));
        Assert.Equal(["one", "two"], told.Wanted);
        Assert.Equal(["one", "x"], told.Found.Where(value => value is not null));
    }

    [Fact]
    public void A_selection_holds_where_one_of_its_alternatives_does_and_that_where_all_of_its_items_do()
    {
        var rule = Fires.Rule("one:\n    - F: x\n      G: y\n    - H: z\ntwo:\n    F: x\n    H: z\ncondition: one and not two");

        Assert.Equal("FTT T, FT F -> True", Show(Try(rule, ("H", "z"), ("G", "y"))));
        Assert.Equal("TFF F, TF F -> False", Show(Try(rule, ("F", "x"))));
        Assert.Equal("TTT T, TT T -> False", Show(Try(rule, ("F", "x"), ("G", "y"), ("H", "z"))));
    }

    [Theory]
    [InlineData("linux", "process_creation", null, "linux/process_creation/*", true)]
    [InlineData("linux", null, "auditd", "linux/*/auditd", true)]
    [InlineData("windows", "process_creation", null, "windows/process_creation/*", false)]
    [InlineData("linux", "file_event", null, "linux/file_event/*", false)]
    [InlineData("linux", null, null, "linux/another/*", false)]
    public void Whether_the_rule_is_asked_depends_on_the_log_source_of_the_event(string product, string? category, string? service, string source, bool isOffered)
    {
        var set = SigmaRuleSet.Parse("title: t\nlogsource: {product: linux, category: process_creation}\ndetection: {s: {F: x}, condition: s}\n", "r.yml");
        var batch = SigmaEvents.Batch();
        var route = EventRouteTable.Route(product, category, service);
        if (source.Contains("another", StringComparison.Ordinal)) route = route with { Category = EventRouteTable.NoRules };
        SigmaEvents.Add(batch, route, [("F", "x")]);
        var trial = RuleTrial.Of(SigmaEngine.Build(set.Rules), batch.View(0));

        Assert.Equal((source, isOffered, isOffered), (trial.Source, trial.IsOffered, trial.Matches));
        Assert.Equal(isOffered ? 1 : 0, trial.Why.Count);
        Assert.True(trial.Selections[0].Holds);
    }

    [Fact]
    public void Why_a_rule_could_not_be_asked_is_told()
    {
        var rule = Fires.Item("F|re: '^(?=(a+)+$)b'", new SigmaLoadOptions { RegexTimeLimit = TimeSpan.FromMilliseconds(5) });

        var trial = Try(rule, ("F", new string('a', 60) + "!b"));

        Assert.False(trial.Matches);
        Assert.NotNull(trial.Failure);
        Assert.Null(Try(rule, ("F", "x")).Failure);
    }

    private static RuleTrial Try(SigmaRule rule, params (string Field, string? Value)[] fields) =>
        RuleTrial.Of(SigmaEngine.Build([rule]), SigmaEvents.Of(fields).View(0));

    private static string Show(RuleTrial trial) => string.Join(", ", trial.Selections.Select(selection =>
        $"{string.Concat(selection.Alternatives.SelectMany(items => items).Select(item => item.Holds ? 'T' : 'F'))} {(selection.Holds ? 'T' : 'F')}")) + $" -> {trial.Matches}";
}
