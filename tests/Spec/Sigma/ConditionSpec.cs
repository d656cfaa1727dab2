using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Spec.Sigma;

public sealed class ConditionSpec
{
    [Theory]
    [InlineData("a or b and c", "a", true)]
    [InlineData("a or b and c", "b", false)]
    [InlineData("(a or b) and c", "a", false)]
    [InlineData("(a or b) and c", "bc", true)]
    [InlineData("not a and b", "b", true)]
    [InlineData("not a and b", "ab", false)]
    [InlineData("not (a and b)", "a", true)]
    [InlineData("not not a", "a", true)]
    [InlineData("NOT a AND b OR c", "c", true)]
    [InlineData("1 of them", "b", true)]
    [InlineData("1 of them", "", false)]
    [InlineData("any of them", "c", true)]
    [InlineData("all of them", "abc", true)]
    [InlineData("All Of Them", "ab", false)]
    [InlineData("2 of them", "ac", true)]
    [InlineData("2 of them", "c", false)]
    [InlineData("3 of them", "abc", true)]
    [InlineData("not 1 of them", "", true)]
    [InlineData("a and not 1 of b*", "ab", false)]
    public void The_condition_joins_selections(string condition, string present, bool fires)
    {
        var rule = Fires.Rule($"a:\n    A: 1\nb:\n    B: 1\nc:\n    C: 1\ncondition: {condition}");

        Assert.Equal(fires, rule.On([.. present.Select(name => (char.ToUpperInvariant(name).ToString(), (string?)"1"))]));
    }

    [Fact]
    public void Patterns_fit_whole_names_and_an_underscore_hides_a_selection()
    {
        const string Selections = "sel_a:\n    A: 1\nsel_b:\n    B: 1\nselect:\n    C: 1\n_sel:\n    D: 1\n";

        Assert.False(Fires.Rule(Selections + "condition: 1 of sel_*").On(("C", "1")));
        Assert.True(Fires.Rule(Selections + "condition: 1 of sel*").On(("C", "1")));
        Assert.True(Fires.Rule(Selections + "condition: all of *_*").On(("A", "1"), ("B", "1")));
        Assert.False(Fires.Rule(Selections + "condition: 1 of them").On(("D", "1")));
        Assert.True(Fires.Rule(Selections + "condition: _sel").On(("D", "1")));
    }

    [Fact]
    public void Several_conditions_are_joined_by_or()
    {
        var rule = Fires.Rule("a:\n    A: 1\nb:\n    B: 1\ncondition:\n    - a\n    - b");

        Assert.True(rule.On(("A", "1")));
        Assert.True(rule.On(("B", "1")));
        Assert.False(rule.On(("C", "1")));
    }

    [Theory]
    [InlineData("a and", SigmaCodes.Condition, 19)]
    [InlineData("a b", SigmaCodes.Condition, 16)]
    [InlineData("(a", SigmaCodes.Condition, 16)]
    [InlineData("a)", SigmaCodes.Condition, 15)]
    [InlineData("a & b", SigmaCodes.Condition, 16)]
    [InlineData("a and nosuch", SigmaCodes.UnknownSelection, 20)]
    [InlineData("1 of no*", SigmaCodes.UnknownSelection, 19)]
    [InlineData("5 of them", SigmaCodes.Condition, 14)]
    [InlineData("0 of them", SigmaCodes.Condition, 14)]
    [InlineData("some of them", SigmaCodes.Condition, 14)]
    [InlineData("1 of", SigmaCodes.Condition, 18)]
    [InlineData("a | count() > 5", SigmaCodes.Aggregation, 14)]
    public void A_broken_condition_is_an_error_at_its_place(string condition, string code, int column)
    {
        var set = SigmaRuleSet.Parse(SigmaText.Rule($"a:\n  A: 1\nb:\n  B: 1\ncondition: {condition}"), "r.yml");

        var error = Assert.Single(set.Errors);
        Assert.Equal((code, 9, column), (error.Code, error.Line, error.Column));
    }
}
