using Picket.Detection.Sigma;

namespace Picket.Spec.Sigma.Pipelines;

/// <summary>To which rules, items and fields a step applies.</summary>
public sealed class PipelineConditionSpec : IDisposable
{
    private const string Rule = """
        title: t
        name: n
        id: 7f1c3b6e-7d1c-4a0e-9f51-0d5c7f6f0001
        logsource: { product: windows, category: process_creation }
        level: high
        status: test
        date: 2024-05-06
        modified: 2024-05-07
        license: MIT
        description: d
        tags: [attack.t1059]
        references: [ref]
        falsepositives: [fp]
        scope: [server]
        fields: [A]
        detection:
          s: { A: 1, B|contains: x*y, C: null }
          condition: s

        """;

    private readonly Piped _piped = new();

    public void Dispose() => _piped.Dispose();

    [Theory]
    [InlineData("{type: logsource, product: windows}", true)]
    [InlineData("{type: logsource, product: windows, category: process_creation}", true)]
    [InlineData("{type: logsource, category: file_event}", false)]
    [InlineData("{type: logsource, service: sysmon}", false)]
    [InlineData("{type: contains_field, field: B}", true)]
    [InlineData("{type: contains_field, field: D}", false)]
    [InlineData("{type: contains_detection_item, field: A, value: 1}", true)]
    [InlineData("{type: contains_detection_item, field: A, value: 2}", false)]
    [InlineData("{type: is_sigma_rule}", true)]
    [InlineData("{type: is_sigma_correlation_rule}", false)]
    [InlineData("{type: tag, tag: attack.t1059}", true)]
    [InlineData("{type: tag, tag: attack.t1060}", false)]
    [InlineData("{type: rule_attribute, attribute: level, value: medium, op: gte}", true)]
    [InlineData("{type: rule_attribute, attribute: level, value: critical, op: gte}", false)]
    [InlineData("{type: rule_attribute, attribute: status, value: stable, op: lt}", true)]
    [InlineData("{type: rule_attribute, attribute: date, value: 2024-05-07, op: lt}", true)]
    [InlineData("{type: rule_attribute, attribute: date, value: 2024-05-06, op: ne}", false)]
    [InlineData("{type: rule_attribute, attribute: title, value: t}", true)]
    [InlineData("{type: rule_attribute, attribute: author, value: t, op: ne}", false)]
    [InlineData("{type: rule_attribute, attribute: tags, value: attack.t1059, op: in}", true)]
    [InlineData("{type: rule_attribute, attribute: own, value: 5, op: gt}", true)]
    [InlineData("{type: logsource, product: Windows, category: Process_Creation}", true)]
    [InlineData("{type: contains_detection_item, field: B, value: 1}", false)]
    [InlineData("{type: tag, tag: ATTACK.T1059}", true)]
    [InlineData("{type: rule_attribute, attribute: name, value: n}", true)]
    [InlineData("{type: rule_attribute, attribute: author, value: MIT}", false)]
    [InlineData("{type: rule_attribute, attribute: license, value: MIT}", true)]
    [InlineData("{type: rule_attribute, attribute: description, value: d}", true)]
    [InlineData("{type: rule_attribute, attribute: modified, value: 2024-05-07}", true)]
    [InlineData("{type: rule_attribute, attribute: references, value: ref, op: in}", true)]
    [InlineData("{type: rule_attribute, attribute: falsepositives, value: fp, op: in}", true)]
    [InlineData("{type: rule_attribute, attribute: scope, value: server, op: in}", true)]
    [InlineData("{type: rule_attribute, attribute: fields, value: A, op: in}", true)]
    [InlineData("{type: rule_attribute, attribute: tags, value: attack.t1059, op: not_in}", false)]
    [InlineData("{type: rule_attribute, attribute: tags, value: attack.t1060, op: not_in}", true)]
    [InlineData("{type: rule_attribute, attribute: tags, value: attack.t1059}", false)]
    [InlineData("{type: rule_attribute, attribute: tags, value: attack.t1059, op: ne}", true)]
    [InlineData("{type: rule_attribute, attribute: level, value: high, op: gte}", true)]
    [InlineData("{type: rule_attribute, attribute: level, value: high, op: lt}", false)]
    [InlineData("{type: processing_state, key: n, val: 10, op: gte}", true)]
    [InlineData("{type: processing_state, key: n, val: 11, op: gte}", false)]
    [InlineData("{type: processing_state, key: n, val: 10, op: gt}", false)]
    [InlineData("{type: processing_state, key: n, val: 10, op: lte}", true)]
    [InlineData("{type: processing_state, key: n, val: 9, op: lte}", false)]
    [InlineData("{type: processing_state, key: n, val: 10, op: lt}", false)]
    [InlineData("{type: processing_item_applied, processing_item_id: first}", true)]
    [InlineData("{type: processing_item_applied, processing_item_id: second}", false)]
    [InlineData("{type: processing_state, key: k, val: v}", true)]
    [InlineData("{type: processing_state, key: k, val: w}", false)]
    [InlineData("{type: processing_state, key: n, val: 9, op: gt}", true)]
    [InlineData("{type: processing_state, key: other, val: v, op: ne}", false)]
    public void A_condition_on_rules(string condition, bool holds)
    {
        Assert.Equal(holds, IsApplied($"rule_conditions: [{condition}]"));
        Assert.Equal(!holds, IsApplied($"rule_cond_not: true, rule_conditions: [{condition}]"));
    }

    [Theory]
    [InlineData("rule_conditions: [{type: tag, tag: a.b}, {type: is_sigma_rule}]", false)]
    [InlineData("rule_cond_op: or, rule_conditions: [{type: tag, tag: a.b}, {type: is_sigma_rule}]", true)]
    [InlineData("rule_cond_op: and, rule_conditions: {a: {type: tag, tag: a.b}, b: {type: is_sigma_rule}}", false)]
    [InlineData("rule_cond_expr: not a and b, rule_conditions: {a: {type: tag, tag: a.b}, b: {type: is_sigma_rule}}", true)]
    [InlineData("rule_cond_expr: a or not (b), rule_conditions: {a: {type: tag, tag: a.b}, b: {type: is_sigma_rule}}", false)]
    [InlineData("rule_cond_expr: 1 of a*, rule_conditions: {a1: {type: tag, tag: a.b}, a2: {type: is_sigma_rule}}", true)]
    [InlineData("rule_cond_expr: all of a*, rule_conditions: {a1: {type: tag, tag: a.b}, a2: {type: is_sigma_rule}}", false)]
    [InlineData("rule_cond_expr: all of a*, rule_conditions: {a1: {type: is_sigma_rule}, a2: {type: is_sigma_rule}}", true)]
    public void Conditions_are_joined(string conditions, bool holds) => Assert.Equal(holds, IsApplied(conditions));

    [Theory]
    [InlineData("field_name_conditions: [{type: include_fields, fields: [A, C]}]", "AC")]
    [InlineData("field_name_conditions: [{type: exclude_fields, fields: A}]", "BC")]
    [InlineData("field_name_conditions: [{type: include_fields, mode: re, fields: ['[AB]$']}]", "AB")]
    [InlineData("field_name_cond_not: true, field_name_conditions: [{type: include_fields, fields: [A]}]", "BC")]
    [InlineData("field_name_conditions: [{type: processing_item_applied, processing_item_id: only-a}]", "A")]
    [InlineData("field_name_conditions: [{type: processing_state, key: k, val: v}]", "ABC")]
    [InlineData("detection_item_conditions: [{type: is_null}]", "C")]
    [InlineData("detection_item_conditions: [{type: contains_wildcard}]", "B")]
    [InlineData("detection_item_conditions: [{type: match_value, value: 1}]", "A")]
    [InlineData("detection_item_conditions: [{type: match_string, pattern: '\\*x'}]", "B")]
    [InlineData("detection_item_conditions: [{type: match_string, pattern: x}]", "")]
    [InlineData("detection_item_conditions: [{type: match_string, cond: all, pattern: '.*y', negate: true}]", "AC")]
    [InlineData("detection_item_cond_op: or, detection_item_conditions: [{type: is_null}, {type: contains_wildcard}]", "BC")]
    [InlineData("detection_item_conditions: [{type: processing_item_applied, processing_item_id: only-a}]", "A")]
    [InlineData("detection_item_conditions: [{type: processing_state, key: n, val: 10}]", "ABC")]
    public void A_condition_on_items_and_fields(string conditions, string fields)
    {
        var rule = Assert.Single(Load($"- {{type: field_name_prefix, prefix: p., {conditions}}}").Rules);

        Assert.Equal(fields, string.Concat(FieldsOf(rule).Where(field => field.StartsWith("p.", StringComparison.Ordinal)).Select(field => field[2..])));
    }

    [Theory]
    [InlineData("detection_item_conditions: [{type: match_string, pattern: x}]", "A B C")]
    [InlineData("detection_item_conditions: [{type: match_string, pattern: x, cond: all}]", "B")]
    [InlineData("detection_item_conditions: [{type: match_string, pattern: y}]", "A")]
    [InlineData("detection_item_conditions: [{type: match_string, pattern: y, cond: all, negate: true}]", "B C XB")]
    [InlineData("detection_item_conditions: [{type: match_value, value: xz}]", "B")]
    [InlineData("detection_item_conditions: [{type: match_value, value: x, cond: all}]", "")]
    [InlineData("detection_item_conditions: [{type: match_value, value: 'null'}]", "")]
    [InlineData("detection_item_conditions: [{type: match_value, value: ''}]", "")]
    [InlineData("detection_item_conditions: [{type: is_null}]", "C")]
    [InlineData("detection_item_conditions: [{type: is_null, cond: all}]", "")]
    [InlineData("field_name_conditions: [{type: include_fields, mode: re, fields: [B]}]", "B")]
    [InlineData("field_name_conditions: [{type: exclude_fields, mode: re, fields: [B]}]", "A C XB")]
    public void A_condition_on_items_with_several_values(string conditions, string fields)
    {
        var set = Piped.Load(SigmaText.Rule("s: {A: [x, y], B: [x, xz], C: [null, x], XB: 1}\ncondition: s"),
            _piped.Steps($"- {{type: field_name_prefix, prefix: p., {conditions}}}"));

        Assert.Empty(set.Errors);
        Assert.Equal(fields, string.Join(' ', FieldsOf(Assert.Single(set.Rules)).Where(field => field.StartsWith("p.", StringComparison.Ordinal)).Select(field => field[2..])));
    }

    [Fact]
    public void Pipelines_go_by_priority_and_then_in_their_order()
    {
        var late = _piped.File("priority: 10\ntransformations:\n- {type: field_name_suffix, suffix: .late}");
        var first = _piped.File("transformations:\n- {type: field_name_suffix, suffix: .first}");
        var second = _piped.File("transformations:\n- {type: field_name_suffix, suffix: .second}");

        var rule = Assert.Single(Piped.Load(SigmaText.Rule("s: {A: 1}\ncondition: s"), late, first, second).Rules);

        Assert.Equal(["A.first.second.late"], FieldsOf(rule));
    }

    private static IEnumerable<string> FieldsOf(SigmaRule rule) =>
        rule.Syntax.Selections.SelectMany(selection => selection.Alternatives).SelectMany(group => group.Items).Select(item => item.Field!);

    private bool IsApplied(string conditions)
    {
        var rule = Assert.Single(Load($"- {{type: field_name_prefix, prefix: p., {conditions}}}").Rules);
        return FieldsOf(rule).All(field => field.StartsWith("p.", StringComparison.Ordinal));
    }

    private SigmaRuleSet Load(string step)
    {
        const string Before = """
            - {id: first, type: set_state, key: k, val: v}
            - {id: second, type: set_state, key: k, val: w, rule_conditions: [{type: tag, tag: none}]}
            - {type: set_state, key: n, val: 10}
            - {type: set_custom_attribute, attribute: own, value: 7}
            - {id: only-a, type: field_name_mapping, mapping: {A: A}}

            """;
        var set = Piped.Load(Rule, _piped.Steps(Before + step));
        Assert.True(set.Errors.Count == 0, string.Join("\n", set.Errors));
        return set;
    }
}
