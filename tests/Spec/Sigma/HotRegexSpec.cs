using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Matching;
using Picket.Detection.Sigma.Scan;

namespace Picket.Spec.Sigma;

/// <summary>Expressions that are asked for all the time are searched for once in each new value: no answer may change by it.</summary>
public sealed class HotRegexSpec
{
    private const string Hostile = @"F|re: '^(?=a)(a+)+$'";

    private static readonly string[] Items =
    [
        "F|re: '[0-9]+x$'", "F|re: 'b.{40,}c'", "F|re: 'needle\\d'", "F|re|i: '^A'", "F|re|startswith: 'a?b'",
        "F|re:\n  - 'zz.*y'\n  - '^$'", "F|all|re:\n  - 'a'\n  - 'b'",
    ];

    [Fact]
    public void Answers_stay_the_same_while_expressions_become_hot()
    {
        var rules = Items.Select(item => Fires.Item(item)).ToList();
        rules.Add(Fires.Rule("a:\n    F|re: '\\d{3}'\nb:\n    G: x\ncondition: a and not b"));
        rules.Add(Fires.Rule("a:\n    - F|re: 'c$'\nb:\n    G|re: '^.$'\ncondition: 1 of them"));
        var engine = SigmaEngine.Build(rules);
        var syntaxes = rules.ConvertAll(rule => rule.Syntax);
        var twin = new FullScan();
        var random = new Random(3);
        var matches = 0;
        for (var i = 0; i < 6 * RegexMatcher.Hot; i++)
        {
            var batch = SigmaEvents.Of(("F", Value(random)), ("G", random.Next(2) == 0 ? "x" : "yy"), ("F", random.Next(4) == 0 ? Value(random) : null));
            var sink = new RecordingSink();
            engine.Evaluate(batch.View(0), sink);
            Assert.Empty(sink.Failures);
            matches += sink.Matches.Count;
            if (i % 8 == 0) Assert.Equal(twin.Matches(syntaxes, batch.View(0)).Select(index => rules[index]), sink.Matches);
        }

        Assert.InRange(matches, 1_000, int.MaxValue);
    }

    [Fact]
    public void An_expression_that_fails_when_hot_still_fails_its_rule_and_no_other()
    {
        var slow = Fires.Item(Hostile, new SigmaLoadOptions { RegexTimeLimit = TimeSpan.FromMilliseconds(5) });
        var good = Fires.Item("F|startswith: a");
        var engine = SigmaEngine.Build([slow, good]);
        var sink = new RecordingSink();
        for (var i = 0; i < 3 * RegexMatcher.Hot; i++) engine.Evaluate(SigmaEvents.Of(("F", $"a{i}")).View(0), sink);
        Assert.Empty(sink.Failures);
        Assert.Equal(3 * RegexMatcher.Hot, sink.Matches.Count);

        engine.Evaluate(SigmaEvents.Of(("F", new string('a', 60) + "!")).View(0), sink);

        Assert.Single(sink.Failures);
        Assert.Equal((3 * RegexMatcher.Hot) + 1, sink.Matches.Count);
        engine.Evaluate(SigmaEvents.Of(("F", new string('a', 20))).View(0), sink);
        Assert.Equal([slow, good], sink.Matches[^2..]);
    }

    private static string Value(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => "abcxyz0123 "[random.Next(11)])) + (random.Next(6) == 0 ? "needle" + random.Next(99) : "");
}
