using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Spec.Sigma;

public sealed class RuleErrorSpec
{
    private const string Good = "title: good\nlogsource: {product: test}\ndetection:\n  a: {A: 1}\n  condition: a\n";

    [Theory]
    [InlineData("a: {A: 1, A: 2}", SigmaCodes.DuplicateKey, 5, 13)]
    [InlineData("a:\n  A|contians: x", SigmaCodes.UnknownModifier, 6, 5)]
    [InlineData("a:\n  A: 'x", SigmaCodes.Yaml, 6, 8)]
    [InlineData("a:\n  A: {b: c}", SigmaCodes.Type, 6, 8)]
    [InlineData("a:\n  A: []", SigmaCodes.Type, 6, 8)]
    [InlineData("a: []", SigmaCodes.Type, 5, 3)]
    [InlineData("a:\n  A|re: '('", SigmaCodes.Regex, 6, 11)]
    [InlineData("a:\n  A|re: '[[:alpha:]]'", SigmaCodes.Regex, 6, 11)]
    [InlineData("a:\n  A|cidr: 10.0.0.0/33", SigmaCodes.Cidr, 6, 13)]
    [InlineData("a:\n  A|lt: x", SigmaCodes.Type, 6, 11)]
    [InlineData("a:\n  A|exists: maybe", SigmaCodes.Type, 6, 15)]
    [InlineData("a:\n  A|contains|re: x", SigmaCodes.ModifierUse, 6, 5)]
    [InlineData("a:\n  A|i: x", SigmaCodes.ModifierUse, 6, 5)]
    [InlineData("a:\n  A|base64: x*", SigmaCodes.ModifierUse, 6, 15)]
    [InlineData("a:\n  A|contains|base64: x", SigmaCodes.ModifierUse, 6, 5)]
    [InlineData("a:\n  A|contains: null", SigmaCodes.Type, 6, 17)]
    [InlineData("a:\n  - null", SigmaCodes.Type, 6, 7)]
    [InlineData("a:\n  - [x]", SigmaCodes.Type, 6, 7)]
    [InlineData("timeframe: 5m", SigmaCodes.Aggregation, 5, 3)]
    public void Each_mistake_is_one_error_at_its_place_and_its_neighbours_live(string detection, string code, int line, int column)
    {
        var set = SigmaRuleSet.Parse(SigmaText.Rule(detection + "\ncondition: a") + "---\n" + Good, "r.yml");

        var error = Assert.Single(set.Errors);
        Assert.Equal((code, line, column), (error.Code, error.Line, error.Column));
        Assert.Equal("good", Assert.Single(set.Rules).Title);
    }

    [Theory]
    [InlineData("logsource: {product: test}\ndetection: {a: {A: 1}, condition: a}", SigmaCodes.MissingKey)]
    [InlineData("title: t\ndetection: {a: {A: 1}, condition: a}", SigmaCodes.MissingKey)]
    [InlineData("title: t\nlogsource: {definition: x}\ndetection: {a: {A: 1}, condition: a}", SigmaCodes.MissingKey)]
    [InlineData("title: t\nlogsource: {product: test}", SigmaCodes.MissingKey)]
    [InlineData("title: t\nlogsource: {product: test}\ndetection: {a: {A: 1}}", SigmaCodes.MissingKey)]
    [InlineData("title: t\nlogsource: {product: test}\ndetection: {condition: a}", SigmaCodes.MissingKey)]
    [InlineData("title: [t]\nlogsource: {product: test}\ndetection: {a: {A: 1}, condition: a}", SigmaCodes.Type)]
    [InlineData("title: t\nlevel: extreme\nlogsource: {product: test}\ndetection: {a: {A: 1}, condition: a}", SigmaCodes.Value)]
    [InlineData("- a\n- b", SigmaCodes.Type)]
    [InlineData("title: t\n\tx: y", SigmaCodes.Yaml)]
    [InlineData("title: *nowhere", SigmaCodes.Yaml)]
    public void A_malformed_rule_is_refused(string text, string code)
    {
        var set = SigmaRuleSet.Parse(text, "r.yml");

        Assert.Equal(code, Assert.Single(set.Errors).Code);
        Assert.Empty(set.Rules);
    }

    [Theory]
    [InlineData("action: include\ntitle: x\n---\n")]
    [InlineData("action: repeat\ntitle: x\n---\n")]
    [InlineData("action: [global]\ntitle: x\n---\n")]
    public void An_action_that_cannot_be_done_is_refused(string text)
    {
        var set = SigmaRuleSet.Parse(text + Good, "r.yml");

        var error = Assert.Single(set.Errors);
        Assert.Equal((SigmaCodes.Action, 1, 9), (error.Code, error.Line, error.Column));
        Assert.Single(set.Rules);
    }

    [Fact]
    public void A_bomb_of_aliases_is_refused()
    {
        var lines = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + string.Concat(Enumerable.Range(1, 12).Select(level =>
            $"a{level}: &a{level} [{string.Join(',', Enumerable.Repeat($"*a{level - 1}", 10))}]\n"));

        Assert.Equal(SigmaCodes.Limit, Assert.Single(SigmaRuleSet.Parse(lines, "r.yml").Errors).Code);
    }

    [Fact]
    public void A_missing_file_is_an_error_and_the_others_are_read()
    {
        var folder = Directory.CreateTempSubdirectory("picket-sigma");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "good.yml"), Good.Replace("\n", "\r\n", StringComparison.Ordinal));
            File.WriteAllBytes(Path.Combine(folder.FullName, "bytes.yml"), [0xFF, 0xFE, 0x00]);
            var missing = Path.Combine(folder.FullName, "missing.yml");

            var set = SigmaRuleSet.Load([missing, folder.FullName]);

            Assert.Equal([SigmaCodes.File, SigmaCodes.File], set.Errors.Select(error => error.Code));
            Assert.Equal(SigmaRuleSet.Parse(Good, "x").Rules[0].Alert.ContentHash, Assert.Single(set.Rules).Alert.ContentHash);
        }
        finally
        {
            folder.Delete(true);
        }
    }

    [Fact]
    public void The_metadata_is_whole()
    {
        const string Text = """
            title: A Title
            id: 545a5da6-f103-4919-a519-e9aec1026ee4
            name: a_name
            related:
                - id: 6c82cf5c-090d-4d57-9188-533577631108
                  type: similar
            status: test
            description: what it is
            license: MIT
            references:
                - https://example.org/1
            author: Some One
            date: 2017-05-09
            modified: 2023-04-14
            tags:
                - attack.t1211
            logsource:
                product: Windows
                service: application
                definition: turn it on
            detection:
                selection:
                    Provider_Name: 'Application Error'
                condition: selection
            fields:
                - User
            falsepositives:
                - a string
            level: high
            scope:
                - server
            custom: {any: thing}
            """;
        var set = SigmaRuleSet.Parse(Text, "r.yml");

        var rule = Assert.Single(set.Rules);
        Assert.Empty(set.Warnings);
        Assert.Equal(("A Title", "a_name", "test", "high", "2017-05-09", "2023-04-14"), (rule.Title, rule.Name, rule.Status, rule.Level, rule.Date, rule.Modified));
        Assert.Equal(("windows", null, "application", "turn it on"), (rule.LogSource.Product, rule.LogSource.Category, rule.LogSource.Service, rule.LogSource.Definition));
        Assert.Equal(("sigma", "545a5da6-f103-4919-a519-e9aec1026ee4", "MIT", "Some One", "what it is"), (rule.Alert.Engine, rule.Id, rule.Alert.License, rule.Alert.Author, rule.Alert.Description));
        Assert.Equal([("6c82cf5c-090d-4d57-9188-533577631108", "similar")], rule.Related.Select(related => (related.Id, related.Type)));
        Assert.Equal(["https://example.org/1", "attack.t1211", "a string", "User", "server"], [.. rule.Alert.References, .. rule.Alert.Tags, .. rule.FalsePositives, .. rule.Fields, .. rule.Scope]);
        Assert.Matches("^[0-9a-f]{64}$", rule.Alert.ContentHash);
    }

    [Fact]
    public void Documents_know_their_lines_and_a_broken_one_hides_no_other()
    {
        var set = SigmaRuleSet.Parse($"# head\n---\n{Good}---\ntitle: 'open\n---\n{Good}...\n", "r.yml");

        Assert.Equal([3, 11], set.Rules.Select(rule => rule.Line));
        Assert.Equal((SigmaCodes.Yaml, 9), (Assert.Single(set.Errors).Code, set.Errors[0].Line));
    }
}
