using Picket.Detection.Events;
using Picket.Detection.Sigma;

namespace Picket.Spec.Sigma;

/// <summary>Equal questions of several rules are asked once; different ones, however alike, are not taken for equal.</summary>
public sealed class QuestionSpec
{
    private static readonly string Long = new('l', 300);

    /// <summary>Each differs from another one in a single thing, and some event below tells the two apart.</summary>
    private static readonly string[] Items =
    [
        "F: ab", "G: ab", "F: abc", "F|cased: ab", "F|startswith: ab", "F|endswith: ab", "F|contains: ab", "F|contains|cased: ab", "F|startswith|cased: ab",
        "F|endswith|cased: ab", "F[all]: ab", "F[all]|contains: ab", "F: 'a*b'", "F|cased: 'a*b'", "F: 'a?b'", "F: 'a*b*'", "F: 'a*c'", "F: 'a*?b'", "F: 'a*b?'",
        "F|re: ab", "F|re|i: ab", "F|re: '^b'", "F|re|m: '^b'", "F|re: 'a.b'", "F|re|s: 'a.b'", "F: [ab, b]", "F: [ab, c]", "F: [a, b]", "F|re: [a, 'b$']", "F|re: ['a$', b]",
        "F|cidr: 10.0.0.0/8", "F|cidr: 10.0.0.0/16", "F|cidr: 10.0.0.0/32", "F|cidr: 'a00::/8'", "F|lt: 5", "F|lte: 5", "F|gt: 5", "F|gte: 5", "F|gt: 4", "F: 5",
        "F|minute: 5", "F|hour: 5", "F|day: 5", "F|month: 5", "F|hour|gt: 5", "F|hour|gte: 5", "F|minute|gt: 5",
        "F|fieldref: G", "F|fieldref: H", "F|fieldref|cased: G", "F|fieldref|startswith: G", "F|fieldref|endswith: G", "F|fieldref|contains: G", "F[all]|fieldref: G",
        "F|fieldref|startswith|cased: G", "G: null", "H: null", "H[all]: null", "F: null", "G|exists: true", "H|exists: true", "H|exists: false",
        "F: ['xl110y', z]", "F: [x, 'yl110z']",
        "F|contains: [llll, nothing, {long}1]", "F|contains: [llllllllllllllllm, nothing, {long}2]", "F|contains: ['{long}1', '{long}2', x]", "F|contains: ['{long}1', '{long}3', x]",
    ];

    private static readonly string[] Keywords = ["ab", "'|cased': ab", "'a*b'", "'|re': '^ab'", "'|re|i': '^ab'"];

    private static readonly (string Field, string? Value)[][] Events =
    [
        [("F", "ab")], [("F", "AB")], [("G", "ab")], [("H", "ab")], [("F", "abc")], [("F", "xab")], [("F", "xABx")], [("F", "xabx")], [("F", "abab")], [("F", "aXb")], [("F", "AxB")], [("F", "axxb")],
        [("F", "axxc")], [("F", "ABx")], [("F", "xAB")], [("F", "a\nb")], [("F", "b")], [("F", "B")], [("F", "c")], [("F", "a")], [("F", "ab"), ("F", "x")], [("F", "xab"), ("F", "aby")],
        [("F", "10.0.0.0")], [("F", "10.0.7.7")], [("F", "10.9.9.9")], [("F", "a0b::1")], [("F", "4")], [("F", "5")], [("F", "6")], [("F", "4.5")],
        [("F", "2026-01-05T01:01:01Z")], [("F", "2026-01-02T05:01:01Z")], [("F", "2026-01-02T01:05:01Z")], [("F", "2026-05-02T01:01:01Z")], [("F", "2026-01-02T06:01:01Z")], [("F", "2026-01-02T01:06:01Z")],
        [("F", "xy"), ("G", "xy")], [("F", "xy"), ("H", "xy")], [("F", "xy"), ("G", "XY")], [("F", "xyz"), ("G", "xy")], [("F", "zxy"), ("G", "xy")], [("F", "zxyz"), ("G", "xy")], [("F", "XYz"), ("G", "xy")],
        [("F", "xy"), ("F", "q"), ("G", "xy")], [("G", null)], [("H", null)], [("H", null), ("H", "x")], [("F", null)], [("F", Long + "1")], [("F", Long + "2")], [("F", Long + "3")], [("F", "llllllllllllllllm")], [("F", "llll")], [("F", "x")], [("F", "z")],
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_rule_among_others_answers_as_it_does_alone(bool isReversed)
    {
        var selections = Items.Select(item => $"    {item}\n").Concat(Keywords.Select(word => word.StartsWith('\'') && word.Contains(':', StringComparison.Ordinal) ? $"    {word}\n" : $"    - {word}\n"));
        var rules = selections.Select((selection, i) => RuleOf($"{i}", selection.Replace("{long}", Long, StringComparison.Ordinal))).ToList();
        if (isReversed) rules.Reverse();
        var together = SigmaEngine.Build(rules);
        var told = new HashSet<string>();
        foreach (var fields in Events)
        {
            var batch = SigmaEvents.Of(fields);
            var sink = new RecordingSink();
            together.Evaluate(batch.View(0), sink);

            var alone = rules.Where(rule => rule.On(fields)).Select(rule => rule.Title).ToList();
            Assert.True(alone.SequenceEqual(sink.Matches.Select(rule => rule.Title)),
                $"{string.Join(", ", fields)}: alone {string.Join(' ', alone)}, together {string.Join(' ', sink.Matches.Select(rule => rule.Title))}");
            told.UnionWith(alone);
        }

        Assert.Equal(rules.Count, told.Count);
    }

    [Fact]
    public void Fields_whose_numbers_end_alike_are_two()
    {
        var first = FieldTable.Intern("Question0");
        var second = first;
        for (var i = 1; i < 2_000 && (second == first || second.Value % 256 != first.Value % 256); i++) second = FieldTable.Intern($"Question{i}");
        Assert.Equal(first.Value % 256, second.Value % 256);
        var rules = new[] { first, second }.Select((field, i) => RuleOf($"{i}", $"    {FieldTable.NameOf(field)}: x\n")).ToList();
        var sink = new RecordingSink();

        SigmaEngine.Build(rules).Evaluate(SigmaEvents.Of((FieldTable.NameOf(second), "x")).View(0), sink);

        Assert.Equal("1", Assert.Single(sink.Matches).Title);
    }

    private static SigmaRule RuleOf(string title, string selection)
    {
        var set = SigmaRuleSet.Parse($"title: '{title}'\nlogsource: {{product: test}}\ndetection:\n  s:\n{selection}  condition: s\n", "r.yml");
        Assert.True(set.Errors.Count == 0, $"{selection}: {string.Join(", ", set.Errors)}");
        return set.Rules[0];
    }
}
