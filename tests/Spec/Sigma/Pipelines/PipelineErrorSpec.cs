using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Spec.Sigma.Pipelines;

/// <summary>What is wrong with a pipeline is said at its place, the pipeline is left out, and rules are used without it.</summary>
public sealed class PipelineErrorSpec : IDisposable
{
    private readonly Piped _piped = new();

    public void Dispose() => _piped.Dispose();

    [Theory]
    [InlineData("name: [", 1, SigmaCodes.Yaml, "")]
    [InlineData("- a", 1, SigmaCodes.Type, "a pipeline is a mapping")]
    [InlineData("name: a\n---\nname: b", 2, SigmaCodes.Type, "one document")]
    [InlineData("nam: x", 1, SigmaCodes.UnknownKey, "allowed_backends, finalizers, name")]
    [InlineData("priority: high", 1, SigmaCodes.Type, "no whole number")]
    [InlineData("postprocessing: []", 1, SigmaCodes.UnsupportedStep, "without one")]
    [InlineData("finalizers: []", 1, SigmaCodes.UnsupportedStep, "without one")]
    [InlineData("vars: {x: []}", 1, SigmaCodes.Type, "empty list")]
    [InlineData("transformations: {}", 1, SigmaCodes.Type, "are a list")]
    [InlineData("transformations:\n  - mapping: {}", 2, SigmaCodes.MissingKey, "'type'")]
    [InlineData("transformations:\n  - type: field_name_maping", 2, SigmaCodes.Value, "no transformation 'field_name_maping'")]
    [InlineData("transformations:\n  - type: field_name_mapping", 2, SigmaCodes.MissingKey, "'mapping'")]
    [InlineData("transformations:\n  - type: field_name_mapping\n    mapping: {A: {}}", 3, SigmaCodes.Type, "'A' is a mapping")]
    [InlineData("transformations:\n  - type: field_name_prefix\n    prefix: a\n    prefx: b", 4, SigmaCodes.UnknownKey, "prefx")]
    [InlineData("transformations:\n  - type: query_expression_placeholders\n    expression: x", 2, SigmaCodes.UnsupportedStep, "query")]
    [InlineData("transformations:\n  - type: regex", 2, SigmaCodes.UnsupportedStep, "regard")]
    [InlineData("transformations:\n  - type: replace_string\n    regex: '('\n    replacement: x", 3, SigmaCodes.Regex, "")]
    [InlineData("transformations:\n  - type: add_condition\n    conditions: {A|contans: x}", 3, SigmaCodes.UnknownModifier, "contains")]
    [InlineData("transformations:\n  - type: add_condition\n    conditions:\n      A|cidr: x", 4, SigmaCodes.Cidr, "")]
    [InlineData("transformations:\n  - type: change_logsource", 2, SigmaCodes.MissingKey, "neither")]
    [InlineData("transformations:\n  - type: value_placeholders\n    include: [a]\n    exclude: [b]", 2, SigmaCodes.Value, "exclude each other")]
    [InlineData("transformations:\n  - type: value_placeholders\n    field_name_conditions: []", 3, SigmaCodes.UnsupportedStep, "whole rule")]
    [InlineData("transformations:\n  - type: set_value\n    value: x\n    force_type: num", 3, SigmaCodes.Pipeline, "no number")]
    [InlineData("transformations:\n  - type: nest\n    items:\n      - type: nix", 4, SigmaCodes.Value, "'nix'")]
    [InlineData("transformations:\n  - type: drop_detection_item\n    rule_conditions:\n      - type: logsorce", 4, SigmaCodes.Value, "rule_conditions")]
    [InlineData("transformations:\n  - type: drop_detection_item\n    rule_conditions:\n      - type: logsource\n        prodct: x", 4, SigmaCodes.MissingKey, "")]
    [InlineData("transformations:\n  - type: drop_detection_item\n    rule_conditions:\n      - type: tag\n        tag: x\n        more: y", 6, SigmaCodes.UnknownKey, "more")]
    [InlineData("transformations:\n  - type: drop_detection_item\n    rule_cond_op: xor", 3, SigmaCodes.Value, "and, or")]
    [InlineData("transformations:\n  - type: drop_detection_item\n    rule_cond_expr: a\n    rule_conditions: [{type: is_sigma_rule}]", 3, SigmaCodes.MissingKey, "mapping of names")]
    [InlineData("transformations:\n  - type: drop_detection_item\n    rule_cond_expr: b\n    rule_conditions: {a: {type: is_sigma_rule}}", 3, SigmaCodes.UnknownSelection, "'b'")]
    [InlineData("transformations:\n  - type: drop_detection_item\n    rule_cond_expr: b\n    rule_conditions: {b: {type: is_sigma_rule}, a: {type: is_sigma_rule}}", 4, SigmaCodes.UnusedSelection, "'a'")]
    [InlineData("transformations:\n  - type: drop_detection_item\n    rule_conditions: [{type: rule_attribute, attribute: level, value: hi, op: gt}]", 3, SigmaCodes.Value, "informational")]
    [InlineData("transformations:\n  - type: drop_detection_item\n    rule_conditions: [{type: rule_attribute, attribute: title, value: x, op: in}]", 3, SigmaCodes.Value, "lists")]
    [InlineData("transformations:\n  - type: drop_detection_item\n    detection_item_conditions: [{type: match_string, pattern: '['}]", 3, SigmaCodes.Regex, "")]
    public void A_mistake_is_said_at_its_place_and_costs_no_rule(string pipeline, int line, string code, string says)
    {
        var set = Piped.Load(SigmaText.Rule("s: {A: 1}\ncondition: s"), _piped.File(pipeline));

        var error = Assert.Single(set.Errors);
        Assert.Equal((code, line), (error.Code, error.Line));
        Assert.True(error.Column > 0);
        Assert.EndsWith("; the whole pipeline is left out", error.Message, StringComparison.Ordinal);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.True(Piped.On(set, ("A", "1")));
    }

    [Fact]
    public void The_other_pipelines_are_used_beside_a_bad_one()
    {
        var set = Piped.Load(SigmaText.Rule("s: {A: 1}\ncondition: s"), _piped.File("nonsense"), _piped.Steps("- {type: field_name_prefix, prefix: p.}"));

        Assert.Single(set.Errors);
        Assert.True(Piped.On(set, ("p.A", "1")));
    }

    [Fact]
    public void A_file_that_is_not_there_is_no_bundled_pipeline_either()
    {
        var error = Assert.Single(Piped.Load(SigmaText.Rule("s: {A: 1}\ncondition: s"), "esc").Errors);

        Assert.Equal(("esc", SigmaCodes.File), (error.File, error.Code));
        Assert.Contains("ecs, windows", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pipeline_that_others_may_write_to_is_refused()
    {
        var pipeline = _piped.Steps("- {type: field_name_prefix, prefix: p.}");
        var options = new SigmaLoadOptions { Pipelines = [pipeline, "ecs"], Refusal = file => file == pipeline ? "not ours" : null };

        var set = SigmaRuleSet.Parse(SigmaText.Rule("s: {A: 1}\ncondition: s"), "r.yml", options);

        Assert.Equal((pipeline, "not ours"), (Assert.Single(set.Errors).File, set.Errors[0].Message));
        Assert.True(Piped.On(set, ("A", "1")));
    }
}
