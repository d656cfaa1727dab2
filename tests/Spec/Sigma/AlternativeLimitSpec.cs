using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Compilation;

namespace Picket.Spec.Sigma;

/// <summary>A few bytes of a rule may stand for more strings than a host's memory holds: such rules are refused, and no others.</summary>
public sealed class AlternativeLimitSpec
{
    private const string FiveDashes = "-a -b -c -d -e";

    [Theory]
    [InlineData("windash", "-a /b -c /d -e -f", "the value stands for more than 4096 strings")]
    [InlineData("windash|expand", "-a -b %dashes% -c -d -e", "the rule's values stand for more than 65536 strings")]
    [InlineData("expand|windash", "%names% %names%", "the rule's values stand for more than 65536 strings")]
    public void A_value_that_stands_for_too_many_is_told_at_its_place(string modifiers, string value, string message)
    {
        var set = SigmaRuleSet.Parse(Rule("bomb", modifiers, ["x", value]) + "---\n" + Rule("sound", "windash|contains", [" -a"]), "rules.yml", Options());
        Assert.Equal(["sound"], set.Rules.Select(rule => rule.Title));
        var error = Assert.Single(set.Errors);
        Assert.Equal(("limit", 7, message), (error.Code, error.Line, error.Message));
    }

    [Fact]
    public void Many_values_of_a_rule_and_many_rules_of_a_set_count_together_and_nothing_is_made_of_those_that_are_too_many()
    {
        // 3,125 strings each.
        Assert.Empty(Load(1, AlternativeBudget.OfRule / 3125).Errors);
        var error = Assert.Single(Load(1, 1 + (AlternativeBudget.OfRule / 3125)).Errors);
        Assert.Equal(("limit", 26, "the rule's values stand for more than 65536 strings"), (error.Code, error.Line, error.Message));

        const int Each = 8, Fit = AlternativeBudget.OfSet / (Each * 3125);
        var many = Load(Fit + 3, Each);
        Assert.Equal(Fit, many.Rules.Count);
        Assert.All(many.Errors, told => Assert.Equal("the set's values stand for more than 262144 strings", told.Message));

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Empty(Load(1, 20_000).Rules);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100 << 20);

        static SigmaRuleSet Load(int rules, int values) => SigmaRuleSet.Parse(
            string.Join("---\n", Enumerable.Range(0, rules).Select(rule => Rule($"r{rule}", "windash", Enumerable.Range(0, values).Select(value => $"{rule}.{value} {FiveDashes}")))),
            "rules.yml", Options() with { Threads = 1 });
    }

    [Fact]
    public void A_list_of_names_may_be_long()
    {
        var set = SigmaRuleSet.Parse(Rule("names", "expand", ["%names%"]), "rules.yml", Options());
        Assert.Empty(set.Errors);
        Assert.True(Assert.Single(set.Rules).On(("F", "name9999")));
        Assert.False(Assert.Single(set.Rules).On(("F", "name10000")));
    }

    private static SigmaLoadOptions Options() => new()
    {
        Placeholders = new Dictionary<string, IReadOnlyList<string>>
        {
            ["names"] = [.. Enumerable.Range(0, 10_000).Select(i => $"name{i}")], ["dashes"] = ["-x -y", "-z -u"],
        },
    };

    private static string Rule(string title, string modifiers, IEnumerable<string> values) =>
        $"title: {title}\nlogsource: {{product: test}}\ndetection:\n  s:\n    F|{modifiers}:\n{string.Concat(values.Select(value => $"      - '{value}'\n"))}  condition: s\n";
}
