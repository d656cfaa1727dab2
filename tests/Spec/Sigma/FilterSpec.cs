using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Spec.Sigma;

public sealed class FilterSpec
{
    private const string Rule = """
        title: R
        id: 00000000-0000-4000-8000-00000000000a
        name: r
        logsource: { product: test, category: c }
        detection:
          one: { A: 1 }
          two: { A: 2 }
          condition: [one, two]

        """;

    private const string NotAdmin = "selection: {User|startswith: adm_}\n  condition: not selection";

    [Theory]
    [InlineData("[00000000-0000-4000-8000-00000000000A]")]
    [InlineData("[r]")]
    [InlineData("r")]
    [InlineData("any")]
    [InlineData("[any]")]
    [InlineData("[nobody, r]")]
    public void A_filter_takes_events_from_the_rules_that_it_names(string rules)
    {
        var set = SigmaRuleSet.Parse(Rule + "---\n" + Filter($"rules: {rules}\n  {NotAdmin}"), "r.yml");

        Assert.Empty(set.Errors);
        var rule = Assert.Single(set.Rules);
        Assert.True(rule.On(("A", "1"), ("User", "eve")));
        Assert.True(rule.On(("A", "2")));
        Assert.False(rule.On(("A", "1"), ("User", "adm_bob")));
        Assert.False(rule.On(("A", "2"), ("User", "ADM_bob")));
        Assert.False(rule.On(("A", "3"), ("User", "eve")));
    }

    [Fact]
    public void A_rule_with_a_filter_is_another_rule_and_the_order_of_documents_is_nothing()
    {
        var plain = SigmaRuleSet.Parse("---\n" + Rule, "r.yml").Rules[0].Alert.ContentHash;
        var filter = Filter($"rules: [r]\n  {NotAdmin}");
        var before = SigmaRuleSet.Parse(filter + "---\n" + Rule, "r.yml").Rules[0];

        Assert.NotEqual(plain, before.Alert.ContentHash);
        Assert.False(before.On(("A", "1"), ("User", "adm_bob")));
        Assert.Equal(plain, SigmaRuleSet.Parse(Filter($"rules: [other]\n  {NotAdmin}") + "---\n" + Rule, "r.yml").Rules[0].Alert.ContentHash);
    }

    [Theory]
    [InlineData("{product: test}", true)]
    [InlineData("{category: c}", true)]
    [InlineData("{product: test, category: c}", true)]
    [InlineData("{product: other}", false)]
    [InlineData("{product: test, category: c, service: s}", false)]
    public void A_filter_is_for_rules_of_its_log_source_or_a_narrower_one(string source, bool applies)
    {
        foreach (var rules in (string[])["any", "[r]"])
        {
            var set = SigmaRuleSet.Parse(Rule + "---\n" + Filter($"rules: {rules}\n  {NotAdmin}", source), "r.yml");

            Assert.Equal(!applies, Assert.Single(set.Rules).On(("A", "1"), ("User", "adm_bob")));
            Assert.Equal(applies ? [] : [SigmaCodes.FilterIdle], set.Warnings.Select(warning => warning.Code));
        }
    }

    [Fact]
    public void Selections_of_the_same_name_do_not_meet_and_patterns_stay_with_their_document()
    {
        const string Text = """
            title: R
            id: 00000000-0000-4000-8000-00000000000a
            name: r
            logsource: { product: test }
            detection:
              sel_a: { A: 1 }
              sel_b: { B: 1 }
              condition: 1 of sel_*
            """;
        var one = Filter("rules: [r]\n  sel_a: {C: 1}\n  sel_b: {D: 1}\n  condition: not all of sel_*", "{product: test}");
        var two = Filter("rules: [r]\n  sel_a: {E: 1}\n  condition: not sel_a", "{product: test}");

        var rule = Assert.Single(SigmaRuleSet.Parse($"{Text}\n---\n{one}---\n{two}", "r.yml").Rules);

        Assert.True(rule.On(("A", "1")));
        Assert.True(rule.On(("B", "1"), ("C", "1")));
        Assert.False(rule.On(("C", "1")));
        Assert.False(rule.On(("A", "1"), ("C", "1"), ("D", "1")));
        Assert.False(rule.On(("A", "1"), ("E", "1")));
    }

    [Theory]
    [InlineData("rules: []\n  selection: {A: 1}\n  condition: not selection", SigmaCodes.MissingKey, 5, 10)]
    [InlineData("selection: {A: 1}\n  condition: not selection", SigmaCodes.MissingKey, 5, 3)]
    [InlineData("rules: {a: b}\n  selection: {A: 1}\n  condition: not selection", SigmaCodes.Type, 5, 10)]
    [InlineData("rules: [r]\n  condition: not selection", SigmaCodes.MissingKey, 5, 3)]
    [InlineData("rules: [r]\n  selection: {A: 1}", SigmaCodes.MissingKey, 5, 3)]
    [InlineData("rules: [r]\n  selection: {A: 1}\n  condition: [not selection]", SigmaCodes.Type, 7, 14)]
    [InlineData("rules: [r]\n  selection: {A: 1}\n  condition: not other", SigmaCodes.UnknownSelection, 7, 18)]
    [InlineData("rules: [r]\n  selection: {A|wrong: 1}\n  condition: not selection", SigmaCodes.UnknownModifier, 6, 15)]
    public void Each_mistake_is_one_error_at_its_place_and_the_rule_runs_as_it_is(string text, string code, int line, int column)
    {
        var set = SigmaRuleSet.Parse(Filter(text) + "---\n" + Rule, "r.yml");

        var error = Assert.Single(set.Errors);
        Assert.Equal((code, line, column), (error.Code, error.Line, error.Column));
        Assert.True(Assert.Single(set.Rules).On(("A", "1"), ("User", "adm_bob")));
    }

    [Fact]
    public void A_filter_without_log_source_is_refused()
    {
        var set = SigmaRuleSet.Parse($"title: f\nfilter:\n  rules: any\n  {NotAdmin}\n---\n{Rule}", "r.yml");

        Assert.Equal(SigmaCodes.MissingKey, Assert.Single(set.Errors).Code);
    }

    [Fact]
    public void What_is_likely_to_be_meant_otherwise_is_a_warning()
    {
        var set = SigmaRuleSet.Parse(Rule + "---\n" + Filter("rules: [nobody, r]\n  selection: {User: eve}\n  condition: selection"), "r.yml");

        Assert.Equal([SigmaCodes.FilterKeeps, SigmaCodes.UnknownRule], set.Warnings.Select(warning => warning.Code));
        Assert.True(Assert.Single(set.Rules).On(("A", "1"), ("User", "eve")));
        Assert.False(set.Rules[0].On(("A", "1"), ("User", "bob")));
    }

    private static string Filter(string body, string source = "{product: test}") =>
        $"title: f\nid: 00000000-0000-4000-8000-00000000000f\nlogsource: {source}\nfilter:\n  {body}\n";
}
