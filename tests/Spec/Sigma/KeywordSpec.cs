using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Picket.Detection.Events;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Index;
using Picket.Detection.Sigma.Scan;
using Picket.Sensors.Replay.Json;

namespace Picket.Spec.Sigma;

/// <summary>Keywords are asked of every value, and most records are passed over without a value being asked.</summary>
public sealed class KeywordSpec
{
    private static readonly string[] Words =
        ["scp ", "rsync", "@", ":", "ab", "mimikatz", "aaab", "*katz*x", "se?urlsa", "\u00e9t\u00e9", "0x1e", "-", "77", "mimi katz"];

    private static readonly string[] Pieces =
        ["scp ", "RSYNC", "@", ":", "aB", "aaaaab", "mimi", "katz", "mimi\u212Aatz", "x", " ", "sekurlsa", "\u00c9T\u00c9", "0x1E", "gr\u00fcn", "7", "zz"];

    [Fact]
    public void Keywords_are_searched_in_every_value()
    {
        var any = Fires.Rule("sel:\n    - event::clear\n    - 'a*z'\n    - 77\ncondition: sel");

        Assert.True(any.On(("F", "x"), ("G", "lsadump EVENT::CLEAR")));
        Assert.True(any.On(("", "xxaxxzxx")));
        Assert.True(any.On(("F", "1772")));
        Assert.False(any.On(("event::clear", "x")));
        Assert.False(any.On());
        var all = Fires.Rule("sel:\n    '|all':\n        - one\n        - two\ncondition: sel");
        Assert.True(all.On(("F", "xonex"), ("G", "TWO")));
        Assert.False(all.On(("F", "xonex"), ("G", "x")));
        Assert.True(Fires.Rule("sel:\n    '|re': 'o.e$'\ncondition: sel").On(("", "one")));
        Assert.True(Fires.Rule("sel: alone\ncondition: sel").On(("F", "all alone here")));
    }

    [Theory]
    [InlineData("", "a MIMIKATZ b", true)]
    [InlineData("", "mimi\u212Aatz", true)]
    [InlineData("gr\u00fcn", "a MIMIKATZ b", true)]
    [InlineData("gr\u00fcn", "mimi\u212Aatz", true)]
    [InlineData("gr\u00fcn", "mimi", false)]
    [InlineData("a mimi", "katz b", false)]
    [InlineData("gr\u00fcn mimi", "katz", false)]
    public void Keywords_are_found_whatever_else_the_record_holds(string before, string value, bool expected)
    {
        var rule = Fires.Rule("sel:\n    - mimikatz\n    - sekurlsa\ncondition: sel");

        Assert.Equal(expected, rule.On(("F", before), ("G", value), ("H", "plain")));
        Assert.Equal(expected, rule.On(("H", "plain"), ("F", value), ("G", before == "a mimi" ? "" : before)));
    }

    /// <summary>Values without escapes stay where they are read, others lie behind the record.</summary>
    [Theory]
    [InlineData("{\"A\":\"x\\n mimikatz\",\"B\":\"plain\"}", true)]
    [InlineData("{\"A\":\"x\\n plain\",\"B\":\"mimikatz\"}", true)]
    [InlineData("{\"A\":\"plain\",\"B\":\"x\\n mimikatz\"}", true)]
    [InlineData("{\"A\":\"mimikatz\",\"B\":\"x\\n plain\",\"C\":null}", true)]
    [InlineData("{\"A\":null,\"B\":{\"C\":\"gr\u00fcn\\t\",\"D\":\"MIMI\u212Aatz\"}}", true)]
    [InlineData("{\"A\":null,\"mimikatz\":{\"C\":\"x\\n\",\"D\":\"mimi\"},\"E\":\"katz\"}", false)]
    public void Keywords_are_found_wherever_values_lie(string json, bool expected)
    {
        using var reader = new JsonRecordReader(new MemoryStream(Encoding.UTF8.GetBytes(json)), "x", malformed => Assert.Fail(malformed.ToString()));
        var batch = new EventBatch(4, 64 * 1024);
        Assert.True(reader.Fill(batch, null));

        Assert.Equal(expected, Fires.Rule("sel:\n    - mimikatz\n    - sekurlsa\ncondition: sel").On(batch));
    }

    [Fact]
    public void A_list_may_mix_maps_and_keywords()
    {
        var rule = Fires.Rule("sel:\n    - evil\n    - F: a\n      G: b\n    - H: c\ncondition: sel");

        Assert.True(rule.On(("X", "so evil")));
        Assert.True(rule.On(("F", "a"), ("G", "b")));
        Assert.False(rule.On(("F", "a"), ("G", "c")));
        Assert.True(rule.On(("H", "c")));
    }

    [Fact]
    public void A_keyword_that_is_met_everywhere_keeps_no_record_from_being_passed_over()
    {
        Assert.True(PassesOver("tools:\n    - 'scp '\n    - rsync\nother:\n    - '@'\n    - ':'\ncondition: tools and other"));
        Assert.True(PassesOver("a:\n    - mimikatz\nb:\n    - '@'\ncondition: a and not b"));
        Assert.False(PassesOver("a:\n    - 'scp '\nb:\n    - '@'\ncondition: a or b"));
        Assert.False(PassesOver("a:\n    F|contains: needle\nb:\n    - '@'\ncondition: a and b"));
        Assert.False(PassesOver("a:\n    F|contains: needle\nb:\n    - '@'\ncondition: a and not b"));
        Assert.False(PassesOver("a:\n    - mimikatz\nb:\n    '|re': '^.b?$'\ncondition: a or b"));
        Assert.False(PassesOver("a:\n    - mimikatz\nb:\n    - '*'\n    - sekurlsa\ncondition: a or b"));
    }

    [Fact]
    public void Records_that_are_passed_over_hold_nothing_that_a_rule_asks_for() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var texts = Enumerable.Range(0, random.Next(1, 7)).Select(_ => RandomRule(random)).ToList();
            var rules = texts.ConvertAll(text => Fires.Rule(text));
            var syntaxes = rules.ConvertAll(rule => rule.Syntax);
            var engine = SigmaEngine.Build(rules);
            var twin = new FullScan();
            for (var i = 0; i < 60; i++)
            {
                (string, string?)[] fields = [.. Enumerable.Range(0, random.Next(1, 5)).Select(at => ("FGHX"[at].ToString(), RandomValue(random)))];
                var batch = SigmaEvents.Of(fields);
                var sink = new RecordingSink();
                engine.Evaluate(batch.View(0), sink);
                var expected = twin.Matches(syntaxes, batch.View(0)).ToList();
                Assert.True(expected.Select(index => rules[index]).SequenceEqual(sink.Matches),
                    $"{string.Join(", ", fields)}: the twin says {string.Join(", ", expected)} of\n{string.Join("\n\n", texts)}");
            }
        })
        .Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    private static bool PassesOver(string detection)
    {
        var rule = Fires.Rule(detection);
        var plan = new RuleNetwork([new CompiledRule(EventRoute.Any, rule.Ir)]).All;
        return plan.Fields[plan.Keywords].Records is not null;
    }

    private static string RandomRule(Random random)
    {
        string[] conditions =
            ["a", "a and b", "a or b", "a and not b", "not a and b", "1 of them", "all of them", "not a", "a and c", "c and not a", "c or a and b"];
        var text = new StringBuilder();
        foreach (var name in "ab")
        {
            var all = random.Next(4) == 0;
            text.Append(name).Append(all ? ":\n    '|all':\n" : ":\n");
            var count = random.Next(1, 4);
            for (var i = 0; i < count; i++) text.Append(all ? "        " : "    ").Append("- '").Append(Words[random.Next(Words.Length)]).Append("'\n");
        }

        return text.Append("c:\n    F|contains: ").Append(random.Next(2) == 0 ? "zz" : "x").Append("\ncondition: ")
            .Append(conditions[random.Next(conditions.Length)]).ToString();
    }

    private static string RandomValue(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(0, 5)).Select(_ => Pieces[random.Next(Pieces.Length)]));
}
