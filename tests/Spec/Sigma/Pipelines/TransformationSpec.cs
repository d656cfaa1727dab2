using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Spec.Sigma.Pipelines;

/// <summary>What each transformation does to rules. Events are written <c>field=value field=value</c>; <c>!</c> is a null.</summary>
public sealed class TransformationSpec : IDisposable
{
    private readonly Piped _piped = new();

    public void Dispose() => _piped.Dispose();

    [Theory]
    // field_name_mapping
    [InlineData("{type: field_name_mapping, mapping: {A: x.a}}", "s: {A: 1, B: 2}", "x.a=1 B=2", "A=1 B=2")]
    [InlineData("{type: field_name_mapping, mapping: {A: [x, y]}}", "s: {A: 1, B: 2}", "x=1 B=2|y=1 B=2", "A=1 B=2|x=1|y=2 B=2")]
    [InlineData("{type: field_name_mapping, mapping: {A: [x, y], B: [v, w]}}", "s: {A: 1, B: 2}", "x=1 w=2|y=1 v=2", "x=1 y=1|v=2 w=2")]
    [InlineData("{type: field_name_mapping, mapping: {A: [x, y]}}", "s: {A|neq: 1}", "x=2 y=2|B=1", "x=1 y=2|x=2 y=1")]
    [InlineData("{type: field_name_mapping, mapping: {A: [x, y]}}", "s: {A: null}", "x=! y=!|B=1", "x=1|y=1")]
    [InlineData("{type: field_name_mapping, mapping: {A: [x, y]}}", "s: {A|exists: false}", "B=1", "x=1|y=1")]
    [InlineData("{type: field_name_mapping, mapping: {A: [x, y]}}", "s: {A|exists: true}", "x=1|y=1", "B=1")]
    [InlineData("{type: field_name_mapping, mapping: {A: x, B: y}}", "s: {A|fieldref: B}", "x=1 y=1", "A=1 B=1|x=1 y=2")]
    [InlineData("{type: field_name_mapping, mapping: {A: x, B: y}, field_name_conditions: [{type: include_fields, fields: [A]}]}", "s: {A|fieldref: B}", "x=1 B=1", "x=1 y=1|A=1 B=1")]
    [InlineData("{type: field_name_mapping, mapping: {~: message}}", "s: [evil]", "message=so_evil_", "other=so_evil_")]
    [InlineData("{type: field_name_mapping, mapping: {A: x}}", "s: {'A[all]|contains': 1}", "x=21 x=12", "x=21 x=2")]
    // prefix and suffix
    [InlineData("{type: field_name_prefix, prefix: p.}", "s: {A: 1}", "p.A=1", "A=1")]
    [InlineData("{type: field_name_suffix, suffix: .s}", "s: {A: 1}", "A.s=1", "A=1")]
    [InlineData("{type: field_name_prefix, prefix: p.}", "s: [word]", "A=a_word_", "A=wor")]
    [InlineData("{type: field_name_prefix_mapping, mapping: {Proc: process., Pro: other.}}", "s: {ProcId: 1}", "process.Id=1", "ProcId=1|other.cId=1")]
    [InlineData("{type: field_name_prefix_mapping, mapping: {Proc: [a., b.]}}", "s: {ProcId: 1}", "a.Id=1|b.Id=1", "ProcId=1")]
    // drop_detection_item
    [InlineData("{type: drop_detection_item, field_name_conditions: [{type: include_fields, fields: [B]}]}", "s: {A: 1, B: 2}", "A=1", "B=2")]
    [InlineData("{type: drop_detection_item, field_name_conditions: [{type: include_fields, fields: [B]}]}", "s: {A: 1};t: {B: 2};condition: s and not t", "A=1 B=2", "B=2")]
    [InlineData("{type: drop_detection_item, field_name_conditions: [{type: include_fields, fields: [B]}]}", "s1: {A: 1};s2: {B: 2};condition: all of s*", "A=1", "B=2")]
    [InlineData("{type: drop_detection_item, field_name_conditions: [{type: include_fields, fields: [B]}]}", "s: [{A: 1, C: 3}, {B: 2}]", "A=1 C=3", "B=2|A=1")]
    [InlineData("{type: drop_detection_item, field_name_conditions: [{type: exclude_fields, fields: [A]}]}", "s: {A: 1};t: [word];condition: s and t", "A=1", "A=2 B=word")]
    // add_condition
    [InlineData("{type: add_condition, conditions: {EventID: 4688, 'Kind|startswith': x}}", "s: {A: 1}", "A=1 EventID=4688 Kind=xy", "A=1|A=1 EventID=4688|EventID=4688 Kind=x")]
    [InlineData("{type: add_condition, negated: true, conditions: {K: [1, 2]}}", "s: {A: 1}", "A=1 K=3", "A=1 K=2")]
    [InlineData("{type: add_condition, template: true, conditions: {K: '$product/${category}'}}", "s: {A: 1}", "A=1 K=test/", "A=1 K=$product/${category}")]
    [InlineData("{type: add_condition, name: s, conditions: {K: 1}}", "s: {A: 1}", "A=1 K=1", "A=1|K=1")]
    // replace_string
    [InlineData(@"{type: replace_string, regex: '^C:', replacement: 'D:'}", @"s: {A: 'C:\x'}", @"A=D:\x", @"A=C:\x")]
    [InlineData(@"{type: replace_string, regex: '^C:\\', replacement: '*\\'}", @"s: {A|startswith: 'C:\Windows\'}", @"A=X:\Windows\y", @"A=X:Windows\y")]
    [InlineData(@"{type: replace_string, regex: '(\w+)-(?P<b>\w+)', replacement: '\2+\g<1>'}", "s: {A|contains: a-b}", "A=_b+a_", "A=_a-b_")]
    [InlineData(@"{type: replace_string, regex: '\*$', replacement: ''}", "s: {A|startswith: ab}", "A=ab", "A=abc")]
    [InlineData(@"{type: replace_string, skip_special: true, regex: '.+', replacement: 'x*'}", "s: {A: 'a?'}", "A=x*c", "A=xyc")]
    [InlineData(@"{type: replace_string, skip_special: true, interpret_special: true, regex: 'a', replacement: 'x*'}", "s: {A: 'a?'}", "A=xyzc", "A=a")]
    [InlineData(@"{type: replace_string, regex: 'a', replacement: 'b'}", @"s: {A: '\*a'}", "A=*b", "A=xb")]
    [InlineData(@"{type: replace_string, regex: 'a', replacement: 'b'}", @"s: {A: 'a\\*'}", @"A=b\c", @"A=b*")]
    [InlineData(@"{type: replace_string, regex: 'a', replacement: 'b'}", @"s: {A: '\\\\srv\a'}", @"A=\\srv\b", @"A=\srv\b")]
    [InlineData(@"{type: replace_string, regex: 'a', replacement: 'b'}", "s: {A|re: 'a+$'}", "A=aa", "A=b")]
    [InlineData(@"{type: replace_string, regex: 'a', replacement: '$0b'}", "s: {A: a}", "A=$0b", "A=ab")]
    // map_string, set_value, convert_type, case
    [InlineData("{type: set_value, value: 7}", "s: {A|neq: 1}", "A=1", "A=7")]
    [InlineData("{type: convert_type, target_type: str}", "s: {A: null}", "A=!", "A=null")]
    [InlineData("{type: convert_type, target_type: num}", "s: {A: [null, '7']}", "A=!|A=7", "A=8")]
    [InlineData("{type: map_string, mapping: {High: [S-1, S-2]}}", "s: {A: High}", "A=S-1|A=s-2", "A=High")]
    [InlineData("{type: map_string, mapping: {High: x}}", "s: {A|contains: High}", "A=_High_", "A=x")]
    [InlineData("{type: map_string, mapping: {'*High*': x}}", "s: {A|contains: [High, Low]}", "A=x|A=_low_", "A=High|A=_x_")]
    [InlineData("{type: set_value, value: 7}", "s: {A|contains: [a, b]}", "A=7", "A=a|A=77")]
    [InlineData("{type: set_value, value: 7, force_type: str}", "s: {A: 1}", "A=7", "A=1")]
    [InlineData("{type: convert_type, target_type: str}", "s: {A: 1}", "A=1", "A=2")]
    [InlineData("{type: convert_type, target_type: num}", "s: {A: '10'}", "A=10", "A=1")]
    [InlineData("{type: case, method: upper}", "s: {A|cased: aB}", "A=AB", "A=aB")]
    [InlineData("{type: case, method: lower}", "s: {A|cased|startswith: aB}", "A=abC", "A=aBC")]
    // hashes_fields
    [InlineData("{type: hashes_fields, valid_hash_algos: [MD5, SHA1], field_prefix: File}", "s: {Hashes|contains: ['MD5=aa', 'SHA1=bb']}", "FileMD5=AA|FileSHA1=bb", "Hashes=MD5=aa|FileMD5=bb")]
    [InlineData("{type: hashes_fields, valid_hash_algos: [MD5, SHA1]}", "s: {Hashes|contains|all: ['MD5=aa', 'SHA1=bb']}", "MD5=aa SHA1=bb", "MD5=aa|SHA1=bb")]
    [InlineData("{type: hashes_fields, valid_hash_algos: [MD5], drop_algo_prefix: true, field_prefix: h}", "s: {Hashes: d41d8cd98f00b204e9800998ecf8427e}", "h=d41d8cd98f00b204e9800998ecf8427e", "Hashes=d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData("{type: hashes_fields, valid_hash_algos: [MD5]}", "s: {Hashes|contains: 'SHA1=aa'}", "Hashes=SHA1=aa", "SHA1=aa")]
    [InlineData("{type: hashes_fields, valid_hash_algos: [MD5]}", "s: {Hashes|contains|all: ['MD5=aa', 'IMPHASH=bb']}", "Hashes=IMPHASH=bb,MD5=aa", "MD5=aa")]
    [InlineData("{type: hashes_fields, valid_hash_algos: [MD5]}", "s: {Hashes: 'md5|aa'}", "MD5=aa", "Hashes=md5 B=aa")]
    [InlineData("{type: hashes_fields, valid_hash_algos: [SHA256, SHA512]}", "s: {Hashes: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}", "SHA256=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "Hashes=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("{type: hashes_fields, valid_hash_algos: [SHA256, SHA512]}", "s: {Hashes: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb}", "SHA512=bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "Hashes=bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb")]
    // nest, copy_rule
    [InlineData("{type: nest, items: [{type: field_name_prefix, prefix: p.}, {type: field_name_suffix, suffix: .s}]}", "s: {A: 1}", "p.A.s=1", "A=1")]
    [InlineData("{type: copy_rule, transformations: [{type: field_name_prefix, prefix: p.}]}", "s: {A: 1}", "A=1|p.A=1|A=1 p.A=1", "B=1")]
    [InlineData("{type: nest, items: [{type: copy_rule, transformations: [{type: field_name_prefix, prefix: p.}]}]}", "s: {A: 1}", "A=1|p.A=1", "B=1")]
    public void Rules_ask_what_the_transformation_makes_of_them(string step, string detection, string matching, string others)
    {
        var text = detection.Contains("condition:", StringComparison.Ordinal) ? detection : $"{detection};condition: s";
        var set = _piped.Rule(text.Replace(';', '\n'), $"- {step}");

        Assert.All(matching.Split('|'), @event => Assert.True(Piped.On(set, Fields(@event)), @event));
        Assert.All(others.Split('|'), @event => Assert.False(Piped.On(set, Fields(@event)), @event));
    }

    [Fact]
    public void A_log_source_is_replaced_as_a_whole()
    {
        var rule = Assert.Single(_piped.Rule("s: {A: 1}\ncondition: s", "- {type: change_logsource, category: Process_Creation, service: x}").Rules);

        Assert.Equal("*/process_creation/x", rule.LogSource.ToString());
    }

    [Fact]
    public void The_list_of_fields_to_be_shown_follows_the_mapping_and_can_be_changed()
    {
        const string Steps = """
            - {type: field_name_mapping, mapping: {A: [x, y]}}
            - {type: add_field, field: more}
            - {type: remove_field, field: [B, nothing]}
            """;

        Assert.Equal(["x", "y", "C", "more"], Assert.Single(_piped.Rule("s: {A: 1}\ncondition: s", Steps, "fields: [A, B, C]\n").Rules).Fields);
        Assert.Equal(["z"], Assert.Single(_piped.Rule("s: {A: 1}\ncondition: s", "- {type: set_field, fields: [z]}", "fields: [A]\n").Rules).Fields);
    }

    [Fact]
    public void Placeholders_have_their_values_from_vars()
    {
        const string Detection = "s: {A|expand: '%x%', B|expand: 'b%y%'}\ncondition: s";
        var both = Piped.Load(SigmaText.Rule(Detection), _piped.File("vars: {x: [one, two*], y: 3}"));
        Assert.Empty(both.Errors);
        Assert.True(Piped.On(both, ("A", "twofold"), ("B", "B3")));
        Assert.False(Piped.On(both, ("A", "three"), ("B", "b3")));

        var one = Piped.Load(SigmaText.Rule(Detection), _piped.File("vars: {x: one}"));
        Assert.Equal(["placeholder", "no-id"], one.Warnings.Select(warning => warning.Code).OrderDescending());
        Assert.False(Piped.On(one, ("A", "one"), ("B", "b")));

        var wild = Piped.Load(SigmaText.Rule(Detection), _piped.File("""
            vars: {x: one}
            transformations:
              - {type: value_placeholders, include: [x]}
              - {type: wildcard_placeholders, exclude: [x]}
            """));
        Assert.True(Piped.On(wild, ("A", "one"), ("B", "banana")));
        Assert.False(Piped.On(wild, ("A", "two"), ("B", "banana")));
    }

    [Fact]
    public void A_failure_refuses_the_rules_that_it_is_about_and_no_others()
    {
        const string Rules = """
            title: a
            logsource: { product: test }
            detection: { s: { A: 1, B: 2 }, condition: s }
            ---
            title: b
            logsource: { product: other }
            detection: { s: { A: 1 }, condition: s }
            ---
            title: c
            logsource: { product: other }
            detection: { s: { C: 1 }, condition: s }

            """;
        var set = Piped.Load(Rules, _piped.Steps("""
            - {type: rule_failure, message: not here, rule_conditions: [{type: logsource, product: test}]}
            - {type: detection_item_failure, message: no C, field_name_conditions: [{type: include_fields, fields: [C]}]}
            """));

        Assert.Equal(["b"], set.Rules.Select(rule => rule.Title));
        Assert.Equal([("pipeline", 1, 1), ("pipeline", 11, 19)], set.Errors.Select(error => (error.Code, error.Line, error.Column)));
        Assert.Contains("the pipeline 'p' (line 3) refuses the rule: not here", set.Errors[0].Message);
    }

    [Fact]
    public void What_leaves_nothing_or_becomes_too_much_is_an_error_of_the_rule()
    {
        var nothing = Piped.Load(SigmaText.Rule("s: {A: 1}\ncondition: s"), _piped.Steps("- {type: drop_detection_item}"));
        Assert.Equal((SigmaCodes.Pipeline, 1), (Assert.Single(nothing.Errors).Code, nothing.Errors[0].Line));

        var fields = string.Join(", ", Enumerable.Range(0, 11).Select(index => $"F{index}: 1"));
        var mapping = string.Join(", ", Enumerable.Range(0, 11).Select(index => $"F{index}: [a{index}, b{index}]"));
        var much = Piped.Load(SigmaText.Rule($"s: {{{fields}}}\ncondition: s"), _piped.Steps($"- {{type: field_name_mapping, mapping: {{{mapping}}}}}"));
        Assert.Equal((SigmaCodes.Limit, 5), (Assert.Single(much.Errors).Code, much.Errors[0].Line));
    }

    [Fact]
    public void Copies_are_one_rule_and_alert_once()
    {
        var set = _piped.Rule("s: {A: 1}\ncondition: s", "- {type: copy_rule, transformations: [{type: field_name_mapping, mapping: {A: B}}]}");
        Assert.Equal(2, set.Rules.Count);
        Assert.Equal([false, true], set.Rules.Select(rule => rule.IsCopy));
        Assert.Equal(set.Rules[0].Alert, set.Rules[1].Alert);
        Assert.DoesNotContain(set.Warnings, warning => warning.Code == SigmaCodes.DuplicateId);

        var batch = SigmaEvents.Of(("B", "1"));
        var sink = new RecordingSink();
        var engine = SigmaEngine.Build(set.Rules);
        engine.Evaluate(batch.View(0), sink);
        Assert.Equal([("s", "B", "1")], engine.Explain(Assert.Single(sink.Matches), batch.View(0)).Select(match => (match.Selection, match.Field, match.Value)));
        engine.Evaluate(SigmaEvents.Of(("A", "1"), ("B", "1")).View(0), sink);
        Assert.Equal(2, sink.Matches.Count);
    }

    [Fact]
    public void Fields_to_be_shown_know_what_was_applied_to_them()
    {
        const string Steps = """
            - {id: m, type: field_name_mapping, mapping: {A: x}}
            - {type: field_name_prefix, prefix: p., field_name_conditions: [{type: processing_item_applied, processing_item_id: m}]}
            """;

        Assert.Equal(["p.x", "B"], Assert.Single(_piped.Rule("s: {A: 1}\ncondition: s", Steps, "fields: [A, B]\n").Rules).Fields);
    }

    [Fact]
    public void Only_the_placeholders_that_are_included_are_filled_and_what_is_filled_stays()
    {
        const string Detection = "s: {A|expand: '%x%', B|expand: 'b%y%'}\ncondition: s";
        var set = Piped.Load(SigmaText.Rule(Detection), _piped.File("""
            vars: {x: one, y: 3}
            transformations:
              - {type: wildcard_placeholders, include: [x]}
            """));
        Assert.True(Piped.On(set, ("A", "any"), ("B", "b3")));
        Assert.False(Piped.On(set, ("A", "any"), ("B", "banana")));

        // Of two pipelines the later one's values count.
        var both = Piped.Load(SigmaText.Rule(Detection), _piped.File("priority: 2\nvars: {x: late, y: 1}"), _piped.File("priority: 1\nvars: {x: early}"));
        Assert.True(Piped.On(both, ("A", "late"), ("B", "b1")));
        Assert.False(Piped.On(both, ("A", "early"), ("B", "b1")));
    }

    [Theory]
    [InlineData("- {type: set_state, key: k, val: v}", "{type: processing_state, key: k, val: v}")]
    [InlineData("- {type: set_custom_attribute, attribute: own, value: v}", "{type: rule_attribute, attribute: own, value: v}")]
    [InlineData("- {id: done, type: set_state, key: k, val: v}", "{type: processing_item_applied, processing_item_id: done}")]
    [InlineData("- {type: set_state, key: k, val: v}", "{type: processing_item_applied, processing_item_id: copied}")]
    public void A_copy_knows_what_was_done_to_its_rule(string before, string condition)
    {
        var set = _piped.Rule("s: {A: 1}\ncondition: s", $$"""
            {{before}}
            - {id: copied, type: copy_rule, transformations: [{type: field_name_prefix, prefix: p.}]}
            - {type: field_name_suffix, suffix: .s, rule_conditions: [{{condition}}]}
            """);

        Assert.True(Piped.On(set, ("A.s", "1")));
        Assert.True(Piped.On(set, ("p.A.s", "1")));
        Assert.False(Piped.On(set, ("p.A", "1")));
    }

    [Fact]
    public void A_copy_has_the_placeholders_and_the_state_of_its_rule_and_steps_of_the_copy_see_its_id()
    {
        var set = Piped.Load(SigmaText.Rule("s: {A|expand: '%x%'}\ncondition: s"), _piped.Steps("""
            - {type: wildcard_placeholders}
            - {id: copied, type: copy_rule, transformations: [{type: field_name_prefix, prefix: p., rule_conditions: [{type: processing_item_applied, processing_item_id: copied}]}]}
            """));

        Assert.Empty(set.Errors);
        Assert.True(Piped.On(set, ("A", "any")));
        Assert.True(Piped.On(set, ("p.A", "any")));
    }

    [Fact]
    public void A_rule_has_sixteen_forms_at_most()
    {
        var copies = Enumerable.Range(0, 5).Select(index => $"- {{type: copy_rule, transformations: [{{type: field_name_prefix, prefix: p{index}.}}]}}").ToArray();
        Assert.Equal(16, _piped.Rule("s: {A: 1}\ncondition: s", string.Join('\n', copies[..4])).Rules.Count);
        var many = Piped.Load(SigmaText.Rule("s: {A: 1}\ncondition: s"), _piped.Steps(string.Join('\n', copies)));
        Assert.Equal(SigmaCodes.Limit, Assert.Single(many.Errors).Code);
    }

    [Fact]
    public void A_selection_has_so_many_alternatives_and_the_item_that_is_too_much_is_named()
    {
        static string Items(int count, string indent) => string.Join($"\n{indent}", Enumerable.Range(0, count).Select(index => $"F{index}: 1"));
        var mapping = $"- {{type: field_name_mapping, mapping: {{{string.Join(", ", Enumerable.Range(0, 11).Select(index => $"F{index}: [a{index}, b{index}]"))}}}}}";
        Assert.Empty(Piped.Load(SigmaText.Rule($"s:\n  {Items(10, "  ")}\ncondition: s"), _piped.Steps(mapping)).Errors);

        var item = Assert.Single(Piped.Load(SigmaText.Rule($"s:\n  {Items(11, "  ")}\ncondition: s"), _piped.Steps(mapping)).Errors);
        var group = Assert.Single(Piped.Load(SigmaText.Rule($"s:\n  - {Items(10, "    ")}\n  - G: 1\ncondition: s"), _piped.Steps(mapping)).Errors);
        Assert.Equal((SigmaCodes.Limit, SigmaCodes.Limit), (item.Code, group.Code));
        Assert.Equal(11, item.Line - group.Line);
    }

    private static (string Field, string? Value)[] Fields(string @event) => [.. @event.Split(' ').Select(pair =>
        pair.IndexOf('=', StringComparison.Ordinal) is var at && pair[(at + 1)..] is var value ? (pair[..at], value == "!" ? null : value) : default)];
}
