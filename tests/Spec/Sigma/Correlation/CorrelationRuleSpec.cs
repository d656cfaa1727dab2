using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Diagnostics;
using static Picket.Spec.Sigma.Correlation.CorrelationText;

namespace Picket.Spec.Sigma.Correlation;

public sealed class CorrelationRuleSpec
{
    private const int FirstLine = 21;

    [Theory]
    [InlineData("type: event_count\nrules: [a]\ngroup-by: [G]\ntimespan: 15s\ncondition: {gte: 10}", CorrelationType.EventCount, 15)]
    [InlineData("type: value_count\nrules: [a, b]\ngroup-by: G\ntimespan: 15m\ncondition: {gt: 1, lte: 5, field: [V, W]}", CorrelationType.ValueCount, 900)]
    [InlineData("type: temporal\nrules: [a, b]\ngroup-by: [G, H]\ntimespan: 2h", CorrelationType.Temporal, 7200)]
    [InlineData("type: temporal\nrules: [a, b, c]\ngroup-by: [G]\ntimespan: 2d\ncondition: {gte: 2}", CorrelationType.Temporal, 172_800)]
    [InlineData("type: temporal_ordered\nrules: [a, b]\ngroup-by: [G]\ntimespan: 1w\ncondition: {gte: 2}", CorrelationType.TemporalOrdered, 604_800)]
    [InlineData("type: value_sum\nrules: [a]\ngroup-by: [G]\ntimespan: 1M\ncondition: {field: V, gt: -1.5}", CorrelationType.ValueSum, 2_629_746)]
    [InlineData("type: value_avg\nrules: [a]\ngroup-by: [G]\ntimespan: 1y\ncondition: {field: V, neq: 0.5}", CorrelationType.ValueAvg, 31_556_952)]
    [InlineData("type: value_percentile\nrules: [a]\ngroup-by: [G]\ntimespan: 1s\ncondition: {field: V, percentile: 99.5, lt: 3}", CorrelationType.ValuePercentile, 1)]
    public void Every_type_is_read(string text, CorrelationType type, int seconds)
    {
        var rule = Assert.Single(Load(Document(text)).Correlations);

        Assert.Equal((type, TimeSpan.FromSeconds(seconds)), (rule.Type, rule.Timespan));
        Assert.Contains($"type: {rule.TypeName}\n", text + "\n", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("type: event_count\nrules: [a]\ntimespan: 1s\ngroup-by: [G]\ncondition: 3", SigmaCodes.Type, 8, 14)]
    [InlineData("rules: [a]\ntimespan: 1s\ngroup-by: [G]\ncondition: {gte: 3}", SigmaCodes.MissingKey, 4, 3)]
    [InlineData("type: event_counts\nrules: [a]\ntimespan: 1s\ngroup-by: [G]\ncondition: {gte: 3}", SigmaCodes.Value, 4, 9)]
    [InlineData("type: event_count\ntimespan: 1s\ngroup-by: [G]\ncondition: {gte: 3}", SigmaCodes.MissingKey, 4, 3)]
    [InlineData("type: event_count\nrules: []\ntimespan: 1s\ngroup-by: [G]\ncondition: {gte: 3}", SigmaCodes.MissingKey, 5, 10)]
    [InlineData("type: event_count\nrules: [a, {b: c}]\ntimespan: 1s\ngroup-by: [G]\ncondition: {gte: 3}", SigmaCodes.Type, 5, 14)]
    [InlineData("type: event_count\nrules: [a, a]\ntimespan: 1s\ngroup-by: [G]\ncondition: {gte: 3}", SigmaCodes.Value, 5, 14)]
    [InlineData("type: event_count\nrules: [a, d]\ntimespan: 1s\ngroup-by: [G]\ncondition: {gte: 3}", SigmaCodes.UnknownRule, 5, 14)]
    [InlineData("type: event_count\nrules: [a, 00000000-0000-4000-8000-00000000000A]\ntimespan: 1s\ngroup-by: [G]\ncondition: {gte: 3}", SigmaCodes.Value, 5, 14)]
    [InlineData("type: event_count\nrules: [a]\ngroup-by: [G]\ncondition: {gte: 3}", SigmaCodes.MissingKey, 4, 3)]
    [InlineData("type: event_count\nrules: [a]\ntimespan: 1x\ngroup-by: [G]\ncondition: {gte: 3}", SigmaCodes.Value, 6, 13)]
    [InlineData("type: event_count\nrules: [a]\ntimespan: 0s\ngroup-by: [G]\ncondition: {gte: 3}", SigmaCodes.Value, 6, 13)]
    [InlineData("type: event_count\nrules: [a]\ntimespan: 5\ngroup-by: [G]\ncondition: {gte: 3}", SigmaCodes.Value, 6, 13)]
    [InlineData("type: event_count\nrules: [a]\ntimespan: ''\ngroup-by: [G]\ncondition: {gte: 3}", SigmaCodes.Value, 6, 13)]
    [InlineData("type: event_count\nrules: [a]\ntimespan: 99y\ngroup-by: [G]\ncondition: {gte: 3}", SigmaCodes.Limit, 6, 13)]
    [InlineData("type: event_count\nrules: [a]\ntimespan: 1s\ngroup-by: [G]", SigmaCodes.MissingKey, 4, 3)]
    [InlineData("type: event_count\nrules: [a]\ntimespan: 1s\ngroup-by: [G]\ncondition: {}", SigmaCodes.MissingKey, 8, 14)]
    [InlineData("type: event_count\nrules: [a]\ntimespan: 1s\ngroup-by: [G]\ncondition: {gte: x}", SigmaCodes.Type, 8, 20)]
    [InlineData("type: event_count\nrules: [a]\ntimespan: 1s\ngroup-by: [G]\ncondition: {gte: 1.5}", SigmaCodes.Value, 8, 20)]
    [InlineData("type: event_count\nrules: [a]\ntimespan: 1s\ngroup-by: [G]\ncondition: {gte: -1}", SigmaCodes.Value, 8, 20)]
    [InlineData("type: event_count\nrules: [a]\ntimespan: 1s\ngroup-by: [G]\ncondition: {gte: 65536}", SigmaCodes.Limit, 8, 20)]
    [InlineData("type: event_count\nrules: [a]\ntimespan: 1s\ngroup-by: [G]\ncondition: {ge: 3}", SigmaCodes.UnknownKey, 8, 15)]
    [InlineData("type: event_count\nrules: [a]\ntimespan: 1s\ngroup-by: [G]\ncondition: {gte: 3, field: V}", SigmaCodes.UnknownKey, 8, 23)]
    [InlineData("type: event_count\nrules: [a]\ntimespan: 1s\ngroup-by: [G]\nwindow: 3\ncondition: {gte: 3}", SigmaCodes.UnknownKey, 8, 3)]
    [InlineData("type: event_count\nrules: [a]\ntimespan: 1s\ngroup-by: {G: 1}\ncondition: {gte: 3}", SigmaCodes.Type, 7, 13)]
    [InlineData("type: value_count\nrules: [a]\ntimespan: 1s\ngroup-by: [G]\ncondition: {gte: 3}", SigmaCodes.MissingKey, 8, 14)]
    [InlineData("type: value_sum\nrules: [a]\ntimespan: 1s\ngroup-by: [G]\ncondition: {gte: 3, field: [V, W]}", SigmaCodes.Value, 8, 34)]
    [InlineData("type: value_sum\nrules: [a]\ntimespan: 1s\ngroup-by: [G]\ncondition: {gte: 3, field: V, percentile: 5}", SigmaCodes.UnknownKey, 8, 33)]
    [InlineData("type: value_percentile\nrules: [a]\ntimespan: 1s\ngroup-by: [G]\ncondition: {gte: 3, field: V, percentile: 101}", SigmaCodes.Value, 8, 45)]
    [InlineData("type: temporal\nrules: [a, b]\ntimespan: 1s\ngroup-by: [G]\ncondition: {gte: 3}", SigmaCodes.Value, 8, 14)]
    [InlineData("type: temporal_ordered\nrules: [a, b]\ntimespan: 1s\ngroup-by: [G]\ncondition: {gte: 1}", SigmaCodes.Value, 8, 14)]
    [InlineData("type: event_count\nrules: [a, b]\ntimespan: 1s\ngroup-by: [G]\ncondition: a and b", SigmaCodes.Type, 8, 14)]
    [InlineData("type: temporal\nrules: [a, b]\ntimespan: 1s\ngroup-by: [G]\ncondition: a and d", SigmaCodes.UnknownSelection, 8, 20)]
    [InlineData("type: temporal\nrules: [a, b]\ntimespan: 1s\ngroup-by: [G]\ncondition: a and", SigmaCodes.Condition, 8, 19)]
    [InlineData("type: temporal\nrules: [a, b]\ntimespan: 1s\ngroup-by: [G]\ncondition: not a", SigmaCodes.UnusedSelection, 5, 14)]
    [InlineData("type: temporal\nrules: [a, b]\ntimespan: 1s\ngroup-by: [G]\ncondition: a or not b", SigmaCodes.Value, 8, 14)]
    [InlineData("type: temporal\ntimespan: 1s\ngroup-by: [G]\ncondition: a and d", SigmaCodes.UnknownRule, 7, 14)]
    [InlineData("type: temporal_ordered\nrules: [a, b]\ntimespan: 1s\ngroup-by: [G]\ncondition: a or b", SigmaCodes.Value, 8, 14)]
    [InlineData("type: value_median\nrules: [a]\ntimespan: 1s\ngroup-by: [G]\ncondition: {gte: 3, field: V, percentile: 5}", SigmaCodes.UnknownKey, 8, 33)]
    [InlineData("type: temporal\nrules: [a, b]\ntimespan: 1s\ngroup-by: [x]\naliases: {x: F}", SigmaCodes.Type, 8, 16)]
    [InlineData("type: temporal\nrules: [a, b]\ntimespan: 1s\ngroup-by: [x]\naliases: {x: {c: F}}", SigmaCodes.UnknownRule, 8, 17)]
    [InlineData("type: temporal\nrules: [a, b]\ntimespan: 1s\ngroup-by: [x]\ngenerate: perhaps", SigmaCodes.Type, 8, 13)]
    [InlineData("type: temporal\nrules: [a, t]\ntimespan: 1s\ngroup-by: [x]", SigmaCodes.CorrelationCycle, 4, 3, "name: t")]
    public void Each_mistake_is_one_error_at_its_place_and_its_neighbours_live(string text, string code, int line, int column, string header = "")
    {
        var set = SigmaRuleSet.Parse(With(text, header.Length > 0 ? header : "status: test"), "r.yml");

        var error = Assert.Single(set.Errors);
        Assert.Equal((code, FirstLine + line - 1, column), (error.Code, error.Line, error.Column));
        Assert.Empty(set.Correlations);
        Assert.Equal(["A", "B", "C"], set.Rules.Select(rule => rule.Title));
        Assert.All(set.Rules, rule => Assert.Equal((false, true), (rule.IsCorrelated, rule.Alerts)));
    }

    [Fact]
    public void Rules_are_found_by_id_and_name_over_files_and_in_any_order()
    {
        var folder = Directory.CreateTempSubdirectory("picket-sigma");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "1.yml"), Document("type: temporal\nrules: [a, 00000000-0000-4000-8000-00000000000B, inner]\ntimespan: 1s\ngroup-by: [G]"));
            File.WriteAllText(Path.Combine(folder.FullName, "2.yml"), Document("type: event_count\nrules: [c]\ntimespan: 1s\ngroup-by: [G]\ncondition: {gte: 2}", "name: inner"));
            File.WriteAllText(Path.Combine(folder.FullName, "3.yml"), Rules);

            var set = SigmaRuleSet.Load([folder.FullName]);

            Assert.Empty(set.Errors);
            Assert.Equal(["A", "B", "t"], set.Correlations[0].Sources.Select(source => source.Title));
            Assert.Same(set.Correlations[1], set.Correlations[0].Sources[2].Correlation);
            Assert.Equal([true, false], set.Correlations.Select(rule => rule.Alerts));
            Assert.All(set.Rules, rule => Assert.Equal((true, false), (rule.IsCorrelated, rule.Alerts)));
        }
        finally
        {
            folder.Delete(true);
        }
    }

    [Fact]
    public void A_name_of_two_rules_is_that_of_the_same_file_or_none()
    {
        const string Other = "title: other\nname: a\nlogsource: {product: test}\ndetection: {s: {K: a}, condition: s}\n";
        var folder = Directory.CreateTempSubdirectory("picket-sigma");
        try
        {
            var correlation = Document("type: event_count\nrules: [a]\ntimespan: 1s\ngroup-by: [G]\ncondition: {gte: 2}");
            File.WriteAllText(Path.Combine(folder.FullName, "1.yml"), Other + "---\n" + correlation);
            File.WriteAllText(Path.Combine(folder.FullName, "2.yml"), Rules);
            File.WriteAllText(Path.Combine(folder.FullName, "3.yml"), correlation);

            var set = SigmaRuleSet.Load([folder.FullName]);

            Assert.Equal("other", Assert.Single(Assert.Single(set.Correlations).Sources).Title);
            var error = Assert.Single(set.Errors);
            Assert.Equal((SigmaCodes.AmbiguousRule, "3.yml", 4), (error.Code, Path.GetFileName(error.File), error.Line));
        }
        finally
        {
            folder.Delete(true);
        }
    }

    [Fact]
    public void What_refers_to_a_rule_with_an_error_has_one_as_well()
    {
        var set = SigmaRuleSet.Parse(
            With("type: event_count\nrules: [nobody]\ntimespan: 1s\ngroup-by: [G]\ncondition: {gte: 2}", "name: inner")
            + "---\n" + Document("type: event_count\nrules: [inner]\ntimespan: 1s\ngroup-by: [G]\ncondition: {gte: 2}", "name: middle")
            + "---\n" + Document("type: event_count\nrules: [middle]\ntimespan: 1s\ngroup-by: [G]\ncondition: {gte: 2}"), "r.yml");

        Assert.Empty(set.Correlations);
        Assert.Equal([SigmaCodes.UnknownRule, SigmaCodes.UnknownRule, SigmaCodes.UnknownRule], set.Errors.Select(error => error.Code));
    }

    [Fact]
    public void A_circle_over_two_rules_is_an_error_of_both()
    {
        var set = SigmaRuleSet.Parse(
            With("type: temporal\nrules: [a, y]\ntimespan: 1s\ngroup-by: [G]", "name: x")
            + "---\n" + Document("type: temporal\nrules: [b, x]\ntimespan: 1s\ngroup-by: [G]", "name: y"), "r.yml");

        Assert.Empty(set.Correlations);
        Assert.Equal([SigmaCodes.CorrelationCycle, SigmaCodes.CorrelationCycle], set.Errors.Select(error => error.Code));
    }

    [Theory]
    [InlineData("generate: true", "", true)]
    [InlineData("generate: false", "", false)]
    [InlineData("", "generate: true", true)]
    [InlineData("", "", false)]
    public void Rules_alert_by_themselves_if_a_correlation_asks_for_it(string inside, string outside, bool alerts)
    {
        var set = Load(Document($"type: event_count\nrules: [a]\ntimespan: 1s\ngroup-by: [G]\ncondition: {{gte: 2}}\n{inside}".TrimEnd(), outside));

        Assert.Equal([alerts, true, true], set.Rules.Select(rule => rule.Alerts));
        Assert.Equal([true, false, false], set.Rules.Select(rule => rule.IsCorrelated));
    }

    [Fact]
    public void One_of_two_correlations_that_asks_is_enough_whatever_the_order()
    {
        const string Body = "type: event_count\nrules: [a]\ntimespan: 1s\ngroup-by: [G]\ncondition: {gte: 2}\ngenerate: ";

        Assert.True(Load(Document(Body + "true"), Document(Body + "false")).Rules[0].Alerts);
        Assert.True(Load(Document(Body + "false"), Document(Body + "true")).Rules[0].Alerts);
    }

    [Fact]
    public void The_level_is_the_rules_own_or_that_of_its_highest_rule()
    {
        const string Body = "type: temporal\nrules: [a, b]\ntimespan: 1s\ngroup-by: [G]";

        Assert.Equal("high", Load(Document(Body)).Correlations[0].Level);
        Assert.Equal("informational", Load(Document(Body, "level: informational")).Correlations[0].Level);
    }

    [Fact]
    public void The_metadata_is_whole()
    {
        var rule = Assert.Single(Load(Document("type: temporal\nrules: [a, b]\ntimespan: 1s\ngroup-by: [G]",
            "id: 545a5da6-f103-4919-a519-e9aec1026ee4\nname: n\nstatus: test\ndescription: d\nauthor: me\nreferences: [r]\ntags: [attack.t1110]\nfalsepositives: [f]\nlevel: critical")).Correlations);

        Assert.Equal(("545a5da6-f103-4919-a519-e9aec1026ee4", "n", "test", "critical", "t"), (rule.Id, rule.Name, rule.Status, rule.Level, rule.Title));
        Assert.Equal(("sigma", "d", "me", "rules.yml"), (rule.Alert.Engine, rule.Alert.Description, rule.Alert.Author, rule.Alert.File));
        Assert.Equal(["r", "attack.t1110", "f", "G"], [.. rule.Alert.References, .. rule.Alert.Tags, .. rule.FalsePositives, .. rule.GroupBy]);
    }

    [Fact]
    public void A_rule_is_the_same_as_long_as_its_text_and_those_below_it_are()
    {
        const string Body = "type: temporal\nrules: [a, b]\ntimespan: 1s\ngroup-by: [G]";
        var rule = Load(Document(Body)).Correlations[0];

        Assert.Equal(rule.Identity, Load(Document("type: temporal\nrules: [a, c]\ntimespan: 1s\ngroup-by: [G]"), Document(Body)).Correlations[1].Identity);
        Assert.NotEqual(rule.Identity, Load(Document(Body + "\n")).Correlations[0].Identity);
        var edited = SigmaRuleSet.Parse(With(Body).Replace("Kind: b", "Kind: d", StringComparison.Ordinal), "r.yml");
        Assert.NotEqual(rule.Identity, edited.Correlations[0].Identity);
    }

    [Theory]
    [InlineData("type: event_count\nrules: [a]\ntimespan: 1s\ncondition: {gte: 2}", SigmaCodes.NoGroup)]
    [InlineData("type: event_count\nrules: [a]\ntimespan: 1s\ngroup-by: [G]\ncondition: {lt: 5}", SigmaCodes.Idle)]
    [InlineData("type: value_percentile\nrules: [a]\ntimespan: 1s\ngroup-by: [G]\ncondition: {lt: 5, field: V}", SigmaCodes.Value)]
    [InlineData("type: temporal\nrules: [a, b]\ntimespan: 1s\ngroup-by: [x]\naliases: {x: {a: F}}", SigmaCodes.MissingKey)]
    public void What_is_odd_is_a_warning(string text, string code)
    {
        var set = Load(Document(text, "id: 545a5da6-f103-4919-a519-e9aec1026ee4"));

        Assert.Equal(code, Assert.Single(set.Warnings).Code);
        Assert.Single(set.Correlations);
    }
}
