using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Diagnostics;
using Picket.Spec.Sigma.Correlation;

namespace Picket.Spec.Sigma.Pipelines;

/// <summary>The fields that correlation rules name in the events of rules that pipelines change.</summary>
public sealed class PipelineCorrelationSpec : IDisposable
{
    private const string Count = "type: event_count\nrules: [a]\ngroup-by: [User]\ntimespan: 10s\ncondition: {gte: 2}";

    private readonly Piped _piped = new();

    public void Dispose() => _piped.Dispose();

    [Fact]
    public void Groups_are_made_by_the_mapped_field()
    {
        var run = Run(Count, "- {type: field_name_mapping, mapping: {User: user.name}}");

        Assert.Equal(0, run.Hear("a", 1, ("user.name", "alice"), ("User", "x")));
        Assert.Equal(0, run.Hear("a", 2, ("user.name", "bob"), ("User", "x")));
        Assert.Equal(1, run.Hear("a", 3, ("user.name", "alice")));
        Assert.Equal([new KeyValuePair<string, string?>("User", "alice")], run.Fired[0].Group);
    }

    [Fact]
    public void Values_and_aliases_are_mapped_for_the_rule_that_they_are_of()
    {
        const string Distinct = """
            type: value_count
            rules: [a, b]
            group-by: [who]
            aliases: {who: {a: User, b: Account}}
            timespan: 10s
            condition: {field: Port, gte: 3}
            """;
        var run = Run(Distinct, """
            - {type: field_name_mapping, mapping: {User: user.name, Port: destination.port}, rule_conditions: [{type: contains_detection_item, field: Kind, value: a}]}
            """);

        Assert.Equal(0, run.Hear("a", 1, ("user.name", "alice"), ("destination.port", "1")));
        Assert.Equal(0, run.Hear("b", 2, ("Account", "alice"), ("Port", "2")));
        Assert.Equal(0, run.Hear("b", 2, ("user.name", "alice"), ("destination.port", "3")));
        Assert.Equal(1, run.Hear("a", 3, ("user.name", "alice"), ("destination.port", "3")));
    }

    [Theory]
    [InlineData("is_sigma_correlation_rule", 1)]
    [InlineData("is_sigma_rule", 0)]
    public void A_mapping_may_be_for_correlation_rules_alone(string condition, int fired)
    {
        var run = Run(Count, $"- {{type: field_name_mapping, mapping: {{User: user.name, Kind: other}}, rule_conditions: [{{type: {condition}}}]}}");

        run.Hear("a", 1, ("user.name", "alice"));
        Assert.Equal(fired, run.Hear("a", 2, ("user.name", "alice")));
    }

    [Fact]
    public void Matches_of_a_rule_and_of_its_copy_are_in_one_group()
    {
        var set = Load(Count, "- {type: copy_rule, transformations: [{type: field_name_mapping, mapping: {Kind: kind, User: user.name}}]}");
        var run = new CorrelationRun(set);
        var forms = set.Rules.Where(rule => rule.Name == "a").ToList();
        Assert.All(forms, form => Assert.True(form is { IsCorrelated: true, Alerts: false }));

        Assert.Equal(0, run.HearAs(1, forms[0], 1, ("User", "alice")));
        Assert.Equal(1, run.HearAs(2, forms[1], 2, ("user.name", "alice")));
    }

    [Fact]
    public void A_copy_goes_on_with_the_names_of_its_rule()
    {
        var set = Load(Count, """
            - {type: field_name_mapping, mapping: {User: user.name}}
            - {type: copy_rule, transformations: [{type: field_name_mapping, mapping: {Kind: kind}}]}
            """);
        var run = new CorrelationRun(set);
        var forms = set.Rules.Where(rule => rule.Name == "a").ToList();

        Assert.Equal(0, run.HearAs(1, forms[0], 1, ("user.name", "alice")));
        Assert.Equal(1, run.HearAs(2, forms[1], 2, ("user.name", "alice"), ("User", "bob")));
    }

    [Fact]
    public void A_mapping_of_what_was_mapped_before_is_one_for_correlations_too()
    {
        var run = Run(Count, """
            - {id: m, type: field_name_mapping, mapping: {User: name}}
            - {type: field_name_prefix, prefix: user., field_name_conditions: [{type: processing_item_applied, processing_item_id: m}]}
            """);

        run.Hear("a", 1, ("user.name", "alice"), ("name", "x"));
        Assert.Equal(1, run.Hear("a", 2, ("user.name", "alice"), ("name", "y")));
    }

    [Fact]
    public void Of_several_names_the_first_counts_and_that_is_said()
    {
        var set = Load(Count, "- {type: field_name_mapping, mapping: {User: [user.name, user.id]}}");
        var run = new CorrelationRun(set);

        var warning = Assert.Single(set.Warnings, warning => warning.Code == SigmaCodes.Pipeline);
        Assert.Contains("user.name, user.id", warning.Message, StringComparison.Ordinal);
        run.Hear("a", 1, ("user.name", "alice"), ("user.id", "1"));
        Assert.Equal(1, run.Hear("a", 2, ("user.name", "alice"), ("user.id", "2")));
    }

    private CorrelationRun Run(string correlation, string steps) => new(Load(correlation, steps));

    private SigmaRuleSet Load(string correlation, string steps)
    {
        var set = Piped.Load(CorrelationText.With(correlation), _piped.Steps(steps));
        Assert.True(set.Errors.Count == 0, string.Join("\n", set.Errors));
        return set;
    }
}
