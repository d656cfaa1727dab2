using Picket.Detection.Sigma;
using Picket.Spec.Journal;

namespace Picket.Spec.Sigma;

/// <summary>Exclusions, which tune the rules of others from a file of their own.</summary>
public sealed class ExclusionSpec : IDisposable
{
    private const string Rule = """
        title: Shell
        id: 5b0c7e0e-52ea-4be7-9c0f-6f0c8d5c2b11
        name: shell
        logsource: { product: test }
        detection:
          sel:
            Image|endswith: /bash
          condition: sel

        """;

    private const string Backup = """
        exclusions:
          - name: nightly backup
            owner: ops@example.org
            reason: the backup runs bash
            expires: 2026-03-04
            rules: [5B0C7E0E-52ea-4be7-9c0f-6f0c8d5c2b11]
            selection:
              User: backup
        """;

    private readonly string _folder = TestFolder.Make("exclusions");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void An_excluded_event_does_not_match_and_every_other_does()
    {
        var rule = Assert.Single(Load(Backup).Rules);
        Assert.True(rule.On(("Image", "/bin/bash")));
        Assert.True(rule.On(("Image", "/bin/bash"), ("User", "alice")));
        Assert.False(rule.On(("Image", "/bin/bash"), ("User", "Backup")));
        Assert.False(rule.On(("Image", "/bin/zsh")));
    }

    [Fact]
    public void A_rule_may_be_named_and_several_exclusions_hold_side_by_side()
    {
        const string More = """
            exclusions:
              - owner: web@example.org
                reason: CGI
                expires: 2030-01-01
                rules: shell
                selection:
                  - User: www
                  - Image|startswith: /opt
            """;
        var set = Load(Backup, More);
        Assert.Empty(set.Errors);
        var rule = Assert.Single(set.Rules);
        Assert.True(rule.On(("Image", "/bin/bash"), ("User", "alice")));
        Assert.False(rule.On(("Image", "/bin/bash"), ("User", "backup")));
        Assert.False(rule.On(("Image", "/bin/bash"), ("User", "www")));
        Assert.False(rule.On(("Image", "/opt/bash"), ("User", "alice")));
    }

    [Fact]
    public void The_id_of_alerts_stays_that_of_the_rule_as_it_is_written() =>
        Assert.Equal(Assert.Single(SigmaRuleSet.Parse(Rule, "r.yml").Rules).Alert.ContentHash, Assert.Single(Load(Backup).Rules).Alert.ContentHash);

    [Fact]
    public void A_rule_is_another_one_for_what_is_kept_of_it_when_its_exclusions_are_others()
    {
        var rule = Assert.Single(Load(Backup).Rules);
        Assert.Equal(rule.Identity, Assert.Single(Load(Backup).Rules).Identity);
        Assert.NotEqual(rule.Identity, Assert.Single(Load(Backup.Replace("User: backup", "User: other", StringComparison.Ordinal)).Rules).Identity);
        Assert.NotEqual(rule.Identity, Assert.Single(Load().Rules).Identity);
    }

    [Fact]
    public void An_expired_one_is_said_and_not_applied()
    {
        var set = Load(Backup.Replace("2026-03-04", "2026-03-03", StringComparison.Ordinal));
        Assert.True(Assert.Single(set.Rules).On(("Image", "/bin/bash"), ("User", "backup")));
        var warning = Assert.Single(set.Warnings, warning => warning.Code == "exclusion-expired");
        Assert.Equal((2, 5), (warning.Line, warning.Column));
        Assert.Contains("'nightly backup' of ops@example.org expired on 2026-03-03", warning.Message);
    }

    [Fact]
    public void A_rule_that_is_not_there_is_said()
    {
        var set = Load(Backup.Replace("[5B0C", "[gone, 5B0C", StringComparison.Ordinal));
        Assert.False(Assert.Single(set.Rules).On(("Image", "/bin/bash"), ("User", "backup")));
        var warning = Assert.Single(set.Warnings, warning => warning.Code == "exclusion-unknown-rule");
        Assert.Equal((6, 13), (warning.Line, warning.Column));
    }

    [Fact]
    public void A_bad_one_in_a_list_costs_itself_and_two_of_one_name_both_hold()
    {
        const string List = """
            exclusions:
              - {name: n, owner: a, reason: r, expires: 2030-01-01, rules: shell, selection: {User: one}}
              - {name: n, owner: a, expires: 2030-01-01, rules: shell, selection: {User: two}}
              - {name: n, owner: a, reason: r, expires: 2030-01-01, rules: [shell, 5B0C7E0E-52ea-4be7-9c0f-6f0c8d5c2b11], selection: {User: three}}
            """;
        var set = Load(List);
        Assert.Equal(("missing-key", 3), (Assert.Single(set.Errors).Code, set.Errors[0].Line));
        var rule = Assert.Single(set.Rules);
        Assert.False(rule.On(("Image", "/bin/bash"), ("User", "one")));
        Assert.True(rule.On(("Image", "/bin/bash"), ("User", "two")));
        Assert.False(rule.On(("Image", "/bin/bash"), ("User", "three")));
    }

    [Theory]
    [InlineData("owner: ops@example.org", "x: y", 3, 5, "value")]
    [InlineData("    owner: ops@example.org\n", "", 2, 5, "missing-key")]
    [InlineData("    reason: the backup runs bash\n", "", 2, 5, "missing-key")]
    [InlineData("owner: ops@example.org", "owner: ''", 3, 12, "type")]
    [InlineData("reason: the backup runs bash", "reason: ''", 4, 13, "type")]
    [InlineData("2026-03-04", "2026-3-4", 5, 14, "value")]
    [InlineData("2026-03-04", "soon", 5, 14, "value")]
    [InlineData("User: backup", "User|endswit: backup", 8, 7, "unknown-modifier")]
    [InlineData("User: backup", "User|re: '('", 8, 7, "regex")]
    [InlineData("User: backup", "User|expand: '%admins%'", 8, 20, "placeholder")]
    [InlineData("rules: [5B0C7E0E-52ea-4be7-9c0f-6f0c8d5c2b11]", "rules: []", 6, 12, "type")]
    [InlineData("exclusions:", "exclusion:", 1, 1, "missing-key")]
    public void A_mistake_is_an_error_at_its_place_and_rules_are_loaded(string from, string to, int line, int column, string code)
    {
        var set = Load(Backup.Replace(from, to, StringComparison.Ordinal));
        var error = Assert.Single(set.Errors);
        Assert.Equal((code, line), (error.Code, error.Line));
        Assert.True(column == error.Column || code == "regex", error.ToString());
        Assert.True(Assert.Single(set.Rules).On(("Image", "/bin/bash"), ("User", "backup")));
    }

    private SigmaRuleSet Load(params string[] exclusions)
    {
        var rule = Path.Combine(_folder, "rule.yml");
        File.WriteAllText(rule, Rule);
        var files = new List<string>();
        foreach (var text in exclusions)
        {
            files.Add(Path.Combine(_folder, $"exclusions{files.Count}.yaml"));
            File.WriteAllText(files[^1], text);
        }

        return SigmaRuleSet.Load([rule], new SigmaLoadOptions { Exclusions = files, Time = new ManualClock() });
    }
}
