using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Spec.Sigma;

/// <summary>Parts that rules share: the actions of older collections, and YAML's merge keys.</summary>
public sealed class SharedPartsSpec
{
    private const string Global = """
        action: global
        title: shared
        level: low
        detection:
          common: { C: 1 }
          condition: common and own
        ---

        """;

    private const string First = "logsource: {product: one}\ndetection: {own: {A: 1}}\n";
    private const string Second = "title: second\nlogsource: {product: two}\ndetection: {own: {B: 1}}\n";

    [Fact]
    public void What_is_global_is_added_to_each_rule_behind_it()
    {
        var set = SigmaRuleSet.Parse(Global + First + "---\n" + Second, "r.yml");

        Assert.Empty(set.Errors);
        Assert.Equal(["shared", "second"], set.Rules.Select(rule => rule.Title));
        Assert.Equal(["one", "two"], set.Rules.Select(rule => rule.LogSource.Product));
        Assert.True(set.Rules[0].On(("A", "1"), ("C", "1")));
        Assert.False(set.Rules[0].On(("A", "1")));
        Assert.False(set.Rules[0].On(("B", "1"), ("C", "1")));
        Assert.True(set.Rules[1].On(("B", "1"), ("C", "1")));
    }

    [Fact]
    public void Another_global_part_makes_another_rule()
    {
        var one = SigmaRuleSet.Parse(Global + First, "r.yml").Rules[0];
        var other = SigmaRuleSet.Parse(Global.Replace("C: 1", "C: 2", StringComparison.Ordinal) + First, "r.yml").Rules[0];

        Assert.NotEqual(one.Alert.ContentHash, other.Alert.ContentHash);
    }

    [Fact]
    public void Reset_forgets_it()
    {
        var set = SigmaRuleSet.Parse(Global + First + "---\naction: reset\n---\n" + First, "r.yml");

        Assert.Single(set.Rules);
        var error = Assert.Single(set.Errors);
        Assert.Equal((SigmaCodes.MissingKey, 13), (error.Code, error.Line));
    }

    [Fact]
    public void A_rule_is_repeated_with_changes()
    {
        const string Repeat = "---\naction: repeat\ntitle: again\ndetection: {own: {A: 2}}\n";
        var set = SigmaRuleSet.Parse(Global + First + Repeat + Repeat.Replace("2", "3", StringComparison.Ordinal), "r.yml");

        Assert.Empty(set.Errors);
        Assert.Equal(["shared", "again", "again"], set.Rules.Select(rule => rule.Title));
        Assert.Equal([true, false, false], set.Rules.Select(rule => rule.On(("A", "1"), ("C", "1"))));
        Assert.Equal([false, true, false], set.Rules.Select(rule => rule.On(("A", "2"), ("C", "1"))));
        Assert.Equal([false, false, true], set.Rules.Select(rule => rule.On(("A", "3"), ("C", "1"))));
    }

    [Fact]
    public void A_repeated_rule_is_what_the_next_repetition_changes()
    {
        const string Again = "---\naction: repeat\ntitle: again\ndetection: {own: {A: 2}}\n---\naction: repeat\ndetection: {own: {B: 2}}\n";
        var set = SigmaRuleSet.Parse(Global + First + Again, "r.yml");

        Assert.Empty(set.Errors);
        Assert.Equal(["shared", "again", "again"], set.Rules.Select(rule => rule.Title));
        Assert.Equal([false, true, false], set.Rules.Select(rule => rule.On(("A", "2"), ("C", "1"))));
        Assert.Equal([false, true, true], set.Rules.Select(rule => rule.On(("A", "2"), ("B", "2"), ("C", "1"))));
    }

    [Fact]
    public void Global_parts_add_up_and_may_be_repeated_themselves()
    {
        const string Further = "action: global\nlevel: high\ndetection: {common: {D: 1}}\n---\n";
        var set = SigmaRuleSet.Parse(Global + Further + First + "---\n" + Global + Further + "action: repeat\n" + First, "r.yml");

        Assert.Empty(set.Errors);
        Assert.Equal(2, set.Rules.Count);
        Assert.All(set.Rules, rule =>
        {
            Assert.Equal(("shared", "high"), (rule.Title, rule.Alert.Level));
            Assert.True(rule.On(("A", "1"), ("C", "1"), ("D", "1")));
            Assert.False(rule.On(("A", "1"), ("D", "1")));
            Assert.False(rule.On(("A", "1"), ("C", "1")));
        });
    }

    [Fact]
    public void What_was_global_stays_with_a_rule_that_is_repeated_behind_a_reset()
    {
        var set = SigmaRuleSet.Parse(Global + First + "---\naction: reset\n---\naction: repeat\ntitle: again\n", "r.yml");

        Assert.Empty(set.Errors);
        Assert.Equal([true, true], set.Rules.Select(rule => rule.On(("A", "1"), ("C", "1"))));
        Assert.Equal([false, false], set.Rules.Select(rule => rule.On(("A", "1"))));
    }

    /// <summary>Where both documents say something, what is wrong is told at its place in the later one.</summary>
    [Theory]
    [InlineData("title: g\n---\nlogsource: {product: one}\n", SigmaCodes.MissingKey, 4, 1)]
    [InlineData("title: g\ndetection: {own: {A|wrong: 1}, condition: own}\n---\nlogsource: {product: one}\n\ndetection: {own: {A|wrong: 2}}\n", SigmaCodes.UnknownModifier, 7, 19)]
    [InlineData("title: g\ndetection: {own: {A: 1}, condition: own}\n---\nlogsource: {product: one}\ndetection: 5\n", SigmaCodes.Type, 6, 12)]
    public void A_mistake_has_its_place_in_the_document_that_holds(string text, string code, int line, int column)
    {
        var error = Assert.Single(SigmaRuleSet.Parse("action: global\n" + text, "r.yml").Errors);

        Assert.Equal((code, line, column), (error.Code, error.Line, error.Column));
    }

    [Theory]
    [InlineData("{'<<': 5, B: 2}")]
    [InlineData("{\"<<\": 5, B: 2}")]
    [InlineData("{<<: 5, B: 2}")]
    public void A_merge_key_that_is_a_text_or_has_no_mapping_is_a_field(string selection)
    {
        var set = SigmaRuleSet.Parse($"title: t\nlogsource: {{product: test}}\ndetection:\n  s: {selection}\n  condition: s\n", "r.yml");

        Assert.Empty(set.Errors);
        Assert.True(set.Rules[0].On(("<<", "5"), ("B", "2")));
        Assert.False(set.Rules[0].On(("B", "2")));
    }

    [Fact]
    public void A_quoted_merge_key_with_a_mapping_is_no_merge()
    {
        var set = SigmaRuleSet.Parse("title: t\nlogsource: {product: test}\ndetection:\n  s: {'<<': {A: 1}, B: 2}\n  condition: s\n", "r.yml");

        Assert.Equal(SigmaCodes.Type, Assert.Single(set.Errors).Code);
    }

    [Theory]
    [InlineData("{<<: *base, B: 2}")]
    [InlineData("{B: 2, <<: [*base, {A: 7, B: 7}]}")]
    [InlineData("{B: 2, <<: {A: 1}}")]
    public void A_merge_key_adds_what_a_mapping_has_not(string selection)
    {
        var set = SigmaRuleSet.Parse(
            $"title: t\nlogsource: {{product: test}}\ndetection:\n  one: &base {{A: 1}}\n  two: {selection}\n  condition: two and one\n", "r.yml");

        Assert.Empty(set.Errors);
        Assert.True(set.Rules[0].On(("A", "1"), ("B", "2")));
        Assert.False(set.Rules[0].On(("A", "1"), ("B", "7")));
        Assert.False(set.Rules[0].On(("B", "2")));
    }
}
