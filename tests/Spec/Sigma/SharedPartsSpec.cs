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
