using System.Text.Json;

namespace Picket.Spec.Cli;

/// <summary><c>picket rules check</c> as people and their pipelines call it.</summary>
public sealed class RulesSpec : IDisposable
{
    private const string Sound = """
        title: Sound
        id: 5b0c7e0e-52ea-4be7-9c0f-6f0c8d5c2b11
        logsource: { product: linux, category: process_creation }
        detection:
          sel:
            Image|endswith: /x
          condition: sel

        """;

    private readonly RuleFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Sound_rules_are_status_0_and_one_line_of_counts()
    {
        _folder.Write("a.yml", Sound);
        _folder.Write("below/b.yaml", Sound.Replace("2b11", "2b12", StringComparison.Ordinal));
        _folder.Write("no-rule.txt", "title: [");
        var result = await Cli.RunAsync("rules", "check", "--platform", "linux", _folder.Path);
        result.IsDone();
        Assert.Equal("2 rules for linux: 2 can fire, 0 degraded, 0 can never fire\n2 fed (ebpf/process 2), 0 needs-external\n", result.Out);
        result = await Cli.RunAsync("rules", "check", "--all", "--platform", "linux", _folder.Path);
        Assert.StartsWith($"{_folder.Path}/a.yml:1: can-fire, fed by ebpf/process: Sound\n", result.Out);
    }

    [Fact]
    public async Task The_bundled_rules_can_fire()
    {
        var result = await Cli.RunAsync("rules", "check", "--platform", "linux", Path.Combine(Corpora.Root, "config", "rules", "sigma"));
        result.IsDone();
        Assert.Matches("^([1-9][0-9]*) rules for linux: \\1 can fire, 0 degraded, 0 can never fire\n\\1 fed \\(.*\\), 0 needs-external\n$", result.Out);
    }

    [Fact]
    public async Task Pipelines_and_exclusions_are_part_of_what_is_checked()
    {
        _folder.Write("rules/a.yml", Sound);
        var rules = Path.Combine(_folder.Path, "rules");
        var pipeline = _folder.Write("p.yml", "transformations:\n  - {type: field_name_mapping, mapping: {Image: process.executable}}\n");
        var result = await Cli.RunAsync("rules", "check", "--platform", "linux", "--pipeline", pipeline, rules);
        result.IsDone();
        Assert.Contains("    6:5 field-not-supplied: the field process.executable is not supplied\n", result.Out);
        Assert.Contains("1 rules for linux: 0 can fire, 0 degraded, 1 can never fire\n", result.Out);
        result = await Cli.RunAsync("rules", "check", "--platform", "linux", "--pipeline", "ecs", "--pipeline", "windows", rules);
        Assert.StartsWith("1 rules for linux: 1 can fire,", result.Out);
        (await Cli.RunAsync("rules", "check", "--pipeline", "esc", rules)).IsRefused(2, "--pipeline esc: no such file, and none of ecs, windows");

        var wrong = _folder.Write("wrong.yml", "transformations:\n  - type: nix\n");
        result = await Cli.RunAsync("rules", "check", "--platform", "linux", "--pipeline", wrong, rules);
        Assert.Equal(1, result.Code);
        Assert.StartsWith($"picket: {wrong}(2,11): error value: there is no transformation 'nix'; the whole pipeline is left out", result.Error);
        Assert.StartsWith("1 rules for linux: 1 can fire,", result.Out);
    }

    [Fact]
    public async Task An_exclusion_that_has_expired_or_names_no_rule_is_told_unasked()
    {
        var rules = _folder.Write("rules/a.yml", Sound);
        var exclusions = _folder.Write("exclusions.yml", """
            exclusions:
              - { name: old, owner: me, reason: r, expires: 2020-01-31, rules: [5b0c7e0e-52ea-4be7-9c0f-6f0c8d5c2b11], selection: { User: a } }
              - { name: astray, owner: me, reason: r, expires: 2999-01-01, rules: [gone], selection: { User: b } }
            """);
        string[] told = [$"{exclusions}(2,5): warning exclusion-expired: 'old' of me expired on 2020-01-31 and is not applied", $"{exclusions}(3,72): warning exclusion-unknown-rule: no rule has the id or name 'gone', which 'astray' of me names"];
        var result = await Cli.RunAsync("rules", "check", "--platform", "linux", "--exclusions", exclusions, rules);
        Assert.Equal(0, result.Code);
        Assert.Equal(string.Concat(told.Select(line => $"picket: {line}\n")), result.Error);

        result = await Cli.RunAsync("rules", "check", "--platform", "linux", "--exclusions", exclusions, "--json", rules);
        using var document = JsonDocument.Parse(result.Out);
        Assert.Equal(["exclusion-expired", "exclusion-unknown-rule"], document.RootElement.GetProperty("warnings").EnumerateArray().Select(warning => Text(warning, "code")));

        // Where mistakes are looked for it is one of them.
        result = await Cli.RunAsync("rules", "check", "--platform", "linux", "--exclusions", exclusions, "--lint", rules);
        Assert.Equal((1, ""), (result.Code, result.Error));
        Assert.Contains($"{exclusions}:2:5: exclusion-expired: ", result.Out);
    }

    [Fact]
    public async Task What_is_named_twice_counts_once()
    {
        var file = _folder.Write("d/a.yml", Sound);
        _folder.Write("d/e/b.yml", Sound.Replace("2b11", "2b12", StringComparison.Ordinal));
        var (folder, link) = (Path.Combine(_folder.Path, "d"), Path.Combine(_folder.Path, "link"));
        Directory.CreateSymbolicLink(link, folder);
        foreach (var paths in (string[][])[[folder, folder], [file, folder, file], [Path.Combine(folder, "e"), folder + "/"], [folder, link], [link, Path.Combine(folder, "..", "d")]])
        {
            var result = await Cli.RunAsync(["rules", "check", "--lint", "--platform", "linux", .. paths]);
            Assert.Contains("\n2 rules for linux: 2 can fire", result.Out);
            Assert.DoesNotContain("duplicate-id", result.Out);
        }
    }

    [Fact]
    public async Task Likely_mistakes_are_named_where_they_are_asked_for()
    {
        var file = _folder.Write("a.yml", Sound.Replace("/x", "'*/x'", StringComparison.Ordinal).Replace("title: Sound", "title: Sound\nlevel: low\nstatus: test", StringComparison.Ordinal));
        Assert.DoesNotContain("lint-", (await Cli.RunAsync("rules", "check", "--platform", "linux", file)).Out);
        var result = await Cli.RunAsync("rules", "check", "--platform", "linux", "--lint", file);
        Assert.Equal(1, result.Code);
        Assert.StartsWith($"{file}:8:21: lint-spare-wildcard: the wildcard at the start of '*/x' is there anyway\n1 findings\n1 rules for linux: ", result.Out);
        result = await Cli.RunAsync("rules", "check", "--platform", "linux", "--lint", "--json", file);
        using var document = JsonDocument.Parse(result.Out);
        var finding = Assert.Single(document.RootElement.GetProperty("findings").EnumerateArray());
        Assert.Equal(["file", "line", "column", "code", "message"], finding.EnumerateObject().Select(property => property.Name));
        result = await Cli.RunAsync("rules", "check", "--platform", "linux", "--lint", _folder.Write("b.yml", File.ReadAllText(file).Replace("*", "", StringComparison.Ordinal)));
        result.IsDone();
        Assert.StartsWith("0 findings\n", result.Out);
    }

    [Fact]
    public async Task A_broken_rule_is_status_1_and_named_at_its_place()
    {
        _folder.Write("a.yml", Sound);
        var broken = _folder.Write("broken.yml", Sound.Replace("endswith", "endswit", StringComparison.Ordinal));
        var result = await Cli.RunAsync("rules", "check", "--platform", "linux", _folder.Path);
        Assert.Equal(1, result.Code);
        var error = Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith($"picket: {broken}(6,5): error unknown-modifier: ", error);
        Assert.StartsWith($"{broken}:6: can-never-fire: (not loaded)\n    6:5 unknown-modifier: ", result.Out);
        Assert.EndsWith("\n2 rules for linux: 1 can fire, 0 degraded, 1 can never fire\n1 fed (ebpf/process 1), 1 needs-external\n", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machine_reads_verdicts_reasons_and_places()
    {
        var degraded = _folder.Write("a.yml", Sound.Replace("  condition: sel", "  more:\n    Company: y\n  condition: sel or more", StringComparison.Ordinal));
        var broken = _folder.Write("b.yml", "title: [\n");
        var sound = _folder.Write("c.yml", Sound.Replace("2b11", "2b12", StringComparison.Ordinal));
        var result = await Cli.RunAsync("rules", "check", "--json", "--platform", "linux", _folder.Path);
        Assert.Equal(1, result.Code);
        Assert.StartsWith($"picket: {broken}(", result.Error);
        using var document = JsonDocument.Parse(result.Out);
        var root = document.RootElement;
        Assert.Equal(["platform", "summary", "rules", "warnings"], root.EnumerateObject().Select(property => property.Name));
        Assert.Equal("linux", root.GetProperty("platform").GetString());
        Assert.Equal("""{"rules":3,"can-fire":1,"degraded":1,"can-never-fire":1,"fed":2,"needs-external":1,"fed_by":{"ebpf/process":2}}""", JsonSerializer.Serialize(root.GetProperty("summary")));
        var rules = root.GetProperty("rules").EnumerateArray().ToList();
        Assert.All(rules, rule => Assert.Equal(["file", "line", "id", "title", "verdict", "fed_by", "reasons"], rule.EnumerateObject().Select(property => property.Name)));
        Assert.Equal(
            [(degraded, "Sound", "degraded"), (broken, "", "can-never-fire"), (sound, "Sound", "can-fire")],
            rules.Select(rule => (Text(rule, "file"), Text(rule, "title"), Text(rule, "verdict"))));
        var reason = Assert.Single(rules[0].GetProperty("reasons").EnumerateArray());
        Assert.Equal(["code", "subject", "line", "column", "message"], reason.EnumerateObject().Select(property => property.Name));
        Assert.Equal(("Company", 8, 5), (Text(reason, "subject"), reason.GetProperty("line").GetInt32(), reason.GetProperty("column").GetInt32()));
        Assert.Equal("yaml", Text(Assert.Single(rules[1].GetProperty("reasons").EnumerateArray()), "code"));
        Assert.Equal(0, rules[2].GetProperty("reasons").GetArrayLength());
    }

    [Fact]
    public async Task The_platform_decides_what_can_fire()
    {
        var file = _folder.Write("a.yml", Sound);
        var result = await Cli.RunAsync("rules", "check", "--platform", "windows", file);
        result.IsDone();
        Assert.Equal(
            $"{file}:1: can-never-fire: Sound\n    1:1 product-not-here: the rule is for linux\n1 rules for windows: 0 can fire, 0 degraded, 1 can never fire\n0 fed, 1 needs-external\n",
            result.Out);
    }

    [Fact]
    public async Task Wrong_usage_is_status_2()
    {
        var file = _folder.Write("a.yml", Sound);
        var gone = Path.Combine(_folder.Path, "gone");
        (await Cli.RunAsync("rules", "check", "--platform", "beos", file)).IsRefused(2, "unknown platform 'beos': linux or windows");
        (await Cli.RunAsync("rules", "check", file, gone)).IsRefused(2, $"{gone}: no such file or folder");
        (await Cli.RunAsync("rules", "check")).IsRefused(2, "see 'picket rules check --help'");
        (await Cli.RunAsync("rules", "check", file, "--lnt")).IsRefused(2, "--lnt: no such option, file or folder");
    }

    [Fact]
    public async Task A_folder_without_a_rule_is_not_well()
    {
        _folder.Write("rules/readme.txt", "none");
        var result = await Cli.RunAsync("rules", "check", "--platform", "linux", _folder.Path);
        Assert.Equal((1, $"picket: there is no rule in {_folder.Path}\n"), (result.Code, result.Error));
        result = await Cli.RunAsync("rules", "test", _folder.Path);
        Assert.Equal((1, $"picket: there is no test of a rule in {_folder.Path}\n"), (result.Code, result.Error));
    }

    [Fact]
    public async Task Who_reads_only_the_first_line_harms_nobody()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("there is no bash");
        for (var i = 0; i < 400; i++) _folder.Write($"r{i}.yml", Sound.Replace("Image", "Company", StringComparison.Ordinal));
        var result = await Cli.RunFromShellAsync("\"$0\" \"$@\" | head -n 1", "rules", "check", "--platform", "linux", _folder.Path);
        result.IsDone();
        Assert.Equal($"{_folder.Path}/r0.yml:1: can-never-fire: Sound\n", result.Out);
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
