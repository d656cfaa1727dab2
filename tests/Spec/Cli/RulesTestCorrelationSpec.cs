using System.Text.Json;

namespace Picket.Spec.Cli;

/// <summary>Tests beside correlation rules, and correlation rules that are asked about a file of events.</summary>
public sealed class RulesTestCorrelationSpec : IDisposable
{
    private const string Base = """
        title: Failed Logon
        name: failed
        id: 00000000-0000-4000-8000-000000000001
        logsource: { product: windows, service: security }
        detection: { sel: { EventID: 4625 }, condition: sel }

        """;

    private const string Many = """
        title: Many Failed Logons
        name: many
        id: 00000000-0000-4000-8000-000000000003
        correlation:
          type: event_count
          rules: [failed]
          group-by: [TargetUserName]
          timespan: 10m
          condition: { gte: 3 }

        """;

    private const string Guessed = """
        title: Guessed
        id: 00000000-0000-4000-8000-000000000004
        correlation: { type: temporal_ordered, rules: [many, logon], group-by: [TargetUserName], timespan: 10m }
        ---
        title: Logon
        name: logon
        id: 00000000-0000-4000-8000-000000000002
        logsource: { product: windows, service: security }
        detection: { sel: { EventID: 4624 }, condition: sel }

        """;

    private const string Eve = "{ Channel: Security, EventID: 4625, TargetUserName: eve }";
    private const string Bob = "{ Channel: Security, EventID: 4625, TargetUserName: bob }";

    private readonly RuleFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_sequence_of_events_says_when_a_correlation_fires_how_often_and_for_whom()
    {
        _folder.Write("a.yml", Base + "---\n" + Many);
        _folder.Write("a.test.yml", $$"""
            rule: many
            tests:
              - name: three
                events: [{ at: 0s, repeat: 3, every: 5m, event: {{Eve}} }]
                count: 1
                groups: [{ TargetUserName: eve }]
              - name: too slow
                match: false
                events: [{ at: 0s, repeat: 3, every: 301s, event: {{Eve}} }]
              - name: of two users
                match: false
                events: [{ at: 0, repeat: 2, event: {{Eve}} }, { at: 1s, repeat: 2, event: {{Bob}} }]
              - name: twice, since an attack that goes on is said once a timespan
                events: [{ at: '2026-03-01T10:00:00+01:00', repeat: 60, every: 20s, event: {{Eve}} }]
                count: 2
              - name: late, and with times of their own
                events:
                  - { '@timestamp': '2026-03-01T10:00:30Z', Channel: Security, EventID: 4625, TargetUserName: eve }
                  - { UtcTime: '2026-03-01 10:00:50.000', Channel: Security, EventID: 4625, TargetUserName: eve }
                  - { at: '2026-03-01T10:00:00Z', event: {{Eve}} }
              - name: too late for its window
                match: false
                events: [{ at: 1h, event: {{Eve}} }, { at: 1h, event: {{Eve}} }, { at: 40m, event: {{Eve}} }]
            ---
            name: single events of the same file
            rule: failed
            events: [{{Eve}}, {{Bob}}]
            ---
            name: without a name the rules about single events are meant
            event: {{Bob}}
            ---
            name: but groups are those of correlations
            events: [{ at: 0s, repeat: 3, event: {{Eve}} }, { at: 0s, repeat: 3, event: {{Bob}} }]
            count: 2
            groups: [{ TargetUserName: bob }, { TargetUserName: eve }]
            """);
        var result = await Cli.RunAsync("rules", "test", _folder.Path);
        Assert.Equal("9 tests of 1 files of rules: 9 passed, 0 failed, 0 errors; 0 files of rules without tests\n", result.Out);
        result.IsDone();
    }

    [Fact]
    public async Task A_test_that_fails_says_what_the_correlation_heard_and_for_whom_it_fired()
    {
        _folder.Write("a.yml", Base + "---\n" + Many);
        var test = _folder.Write("a.test.yml", $$"""
            rule: many
            tests:
              - { name: few, events: [{ at: 0s, repeat: 2, event: {{Eve}} }, { at: 1s, event: { Channel: Security, EventID: 4624 } }] }
              - { name: silent, match: false, events: [{ at: 0s, repeat: 3, every: 1s, event: {{Eve}} }] }
              - { name: often, count: 2, events: [{ at: 0s, repeat: 3, event: {{Eve}} }] }
              - { name: other, groups: [{ TargetUserName: bob }], events: [{ at: 0s, repeat: 3, event: {{Eve}} }] }
              - { name: more, groups: [{ TargetUserName: bob }], events: [{ at: 0s, repeat: 3, event: {{Eve}} }, { at: 0s, repeat: 3, event: {{Bob}} }] }
              - { name: field, groups: [{ User: eve }], events: [{ at: 0s, repeat: 3, event: {{Eve}} }] }
              - { name: undated, events: [{ repeat: 3, event: {{Eve}} }] }
              - { name: nothing, events: [{ at: 0s, event: { Channel: Security, EventID: 1 } }] }
              - { name: none, rule: failed, groups: [{ TargetUserName: eve }], event: {{Eve}} }
              - { name: ungrouped, events: [{ at: 0s, repeat: 3, event: { Channel: Security, EventID: 4625 } }] }
            """);
        var result = await Cli.RunAsync("rules", "test", _folder.Path);
        Assert.Equal(1, result.Code);
        Assert.Contains($"{test}(3,5): failed: few: the correlation does not fire\n    Many Failed Logons (00000000-0000-4000-8000-000000000003):\n      2 matches of Failed Logon (00000000-0000-4000-8000-000000000001)\n", result.Out);
        Assert.Contains("failed: silent: the correlation fires once, and must not\n", result.Out);
        Assert.Contains("      event 3: fires for TargetUserName=eve: 3 matches from 2026-01-01T00:00:00Z to 2026-01-01T00:00:02Z\n", result.Out);
        Assert.Contains("failed: often: the correlation fires once, not 2\n", result.Out);
        Assert.Contains("failed: other: the correlation does not fire for TargetUserName=bob\n", result.Out);
        Assert.Contains("failed: more: the correlation fires for TargetUserName=eve, which is not among the groups\n", result.Out);
        Assert.Contains("failed: field: 'group-by' has no 'User': TargetUserName\n", result.Out);
        Assert.Contains("failed: undated: 3 matches have no time: events of a correlation have an 'at', or a field such as @timestamp\n", result.Out);
        Assert.Contains("failed: nothing: the correlation does not fire\n", result.Out);
        Assert.Contains("      sel: does not hold\n        5:21 EventID: '4625': the event has '1'\n", result.Out);
        Assert.Contains("failed: none: 'groups' is about correlations, and the rule is none\n", result.Out);
        Assert.Contains("      3 matches have none of the fields of group-by: TargetUserName\n", result.Out);
        Assert.EndsWith("10 tests of 1 files of rules: 0 passed, 10 failed, 0 errors; 0 files of rules without tests\n", result.Out);

        result = await Cli.RunAsync("rules", "test", "--json", _folder.Path);
        using var document = JsonDocument.Parse(result.Out);
        var silent = document.RootElement.GetProperty("tests")[1].GetProperty("correlations")[0];
        var firing = Assert.Single(silent.GetProperty("firings").EnumerateArray());
        Assert.Equal("""{"file":"event 3","record":1,"group":{"TargetUserName":"eve"},"from":"2026-01-01T00:00:00Z","to":"2026-01-01T00:00:02Z","count":3,"value":3}""", JsonSerializer.Serialize(firing));
        Assert.Equal(3, silent.GetProperty("sources")[0].GetProperty("matches").GetInt32());
    }

    [Fact]
    public async Task What_a_correlation_refers_to_may_be_in_any_file_that_is_named()
    {
        var events = $"[{{ at: 0s, repeat: 3, event: {Eve} }}, {{ at: 1m, event: {{ Channel: Security, EventID: 4624, TargetUserName: eve }} }}]";
        _folder.Write("base/failed.yml", Base);
        _folder.Write("base/failed.test.yml", $"event: {Eve}\n");
        _folder.Write("correlations/many.yml", Many);

        // One that another refers to alerts no more, and is tested all the same.
        _folder.Write("correlations/many.test.yml", $"rule: many\nevents: {events}\ncount: 1\n");
        var guessed = _folder.Write("correlations/guessed.yml", Guessed);
        var test = _folder.Write("correlations/guessed.test.yml", $"rule: Guessed\nevents: {events}\ncount: 1\ngroups: {{ TargetUserName: eve }}\n");
        var result = await Cli.RunAsync("rules", "test", _folder.Path);
        Assert.Equal("3 tests of 3 files of rules: 3 passed, 0 failed, 0 errors; 0 files of rules without tests\n", result.Out);
        result.IsDone();

        foreach (var named in (string[])[guessed, test])
        {
            result = await Cli.RunAsync("rules", "test", named, "--rules", Path.Combine(_folder.Path, "base"), "--rules", Path.Combine(_folder.Path, "correlations"));
            Assert.Equal("1 tests of 1 files of rules: 1 passed, 0 failed, 0 errors; 0 files of rules without tests\n", result.Out);
            result.IsDone();
        }

        result = await Cli.RunAsync("rules", "test", guessed);
        Assert.Equal(1, result.Code);
        Assert.StartsWith($"picket: {guessed}(3,48): error unknown-rule: no rule has the id or name 'many'", result.Error);
        Assert.Contains("failed: line 1: no sound rule is called 'Guessed'\n", result.Out);
    }

    [Fact]
    public async Task A_filter_is_tested_by_the_rule_that_it_names_and_so_is_an_exclusion()
    {
        _folder.Write("a.yml", Base);
        _folder.Write("filter.yml", """
            title: Not of Services
            logsource: { product: windows, service: security }
            filter: { rules: [failed], selection: { TargetUserName|endswith: $ }, condition: not selection }

            """);
        _folder.Write("filter.test.yml", "rule: failed\nmatch: false\nevent: { Channel: Security, EventID: 4625, TargetUserName: dc$ }\n---\nrule: failed\nevent: " + Eve + "\n");
        (await Cli.RunAsync("rules", "test", _folder.Path)).IsDone();

        using var other = new RuleFolder();
        var exclusions = other.Write("exclusions.yml", "exclusions:\n  - { owner: me, reason: r, expires: 2999-01-01, rules: [failed], selection: { TargetUserName: eve } }\n");
        var result = await Cli.RunAsync("rules", "test", "--exclusions", exclusions, _folder.Path);
        Assert.Equal(1, result.Code);
        Assert.Contains("failed: line 5: the event does not match\n", result.Out);
    }

    [Fact]
    public async Task What_is_wrong_with_a_sequence_is_named_at_its_place()
    {
        _folder.Write("a.yml", Base + "---\n" + Many);
        var test = _folder.Write("a.test.yml", $$"""
            rule: many
            tests:
              - { events: [{ at: soon, event: {{Eve}} }] }
              - { events: [{ at: 2026-13-01, event: {{Eve}} }] }
              - { events: [{ at: 0s, repeat: 0, event: {{Eve}} }] }
              - { events: [{ at: 0s, evry: 1s, event: {{Eve}} }] }
              - { events: [{ at: 0s, every: 1s, event: {{Eve}} }] }
              - { events: [{ at: 0s, event: 'Nov 21 15:30:25 web1 sshd[12]: x' }] }
              - { events: [{ at: 0s, event: { '@timestamp': '2026-01-01T00:00:00Z' } }] }
              - { groups: [], event: {{Eve}} }
              - { groups: [eve], event: {{Eve}} }
              - { match: false, groups: [{ TargetUserName: eve }], event: {{Eve}} }
            """);
        var result = await Cli.RunAsync("rules", "test", _folder.Path);
        Assert.Equal(1, result.Code);
        string[] places = ["3,22", "4,22", "5,34", "6,26", "7,26", "8,33", "9,35", "10,15", "11,16", "12,21"];
        Assert.Equal(places.Select(place => $"picket: {test}({place}): error"), result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[..(line.IndexOf(": error", StringComparison.Ordinal) + 7)]));
    }

    [Fact]
    public async Task A_correlation_is_asked_about_the_events_of_a_file()
    {
        var rule = _folder.Write("a.yml", Base + "---\n" + Many);
        var line = """{"Channel":"Security","EventID":4625,"TargetUserName":"eve","TimeCreated":"2026-01-02T00:00:0#Z"}""" + "\n";
        var two = _folder.Write("two.json", string.Concat(Enumerable.Range(0, 2).Select(i => line.Replace('#', (char)('0' + i)))));
        var four = _folder.Write("four.json", string.Concat(Enumerable.Range(0, 4).Select(i => line.Replace('#', (char)('0' + i)))));

        // What matches is a part of a correlation and no alert of its own.
        var result = await Cli.RunAsync("rules", "test", rule, "--event", two);
        Assert.Equal(1, result.Code);
        Assert.EndsWith("does not fire: Many Failed Logons (00000000-0000-4000-8000-000000000003)\n    2 matches of Failed Logon (00000000-0000-4000-8000-000000000001)\n2 events, 2 matches, 0 firings\n", result.Out);
        result = await Cli.RunAsync("rules", "test", rule, "--event", four);
        result.IsDone();
        Assert.Contains($"\nfires: Many Failed Logons (00000000-0000-4000-8000-000000000003)\n    {four}:3: fires for TargetUserName=eve: 3 matches from 2026-01-02T00:00:00Z to 2026-01-02T00:00:02Z\n", result.Out);

        var alone = _folder.Write("many.yml", Many.Replace("000003", "000005", StringComparison.Ordinal).Replace("name: many", "name: alone", StringComparison.Ordinal));
        result = await Cli.RunAsync("rules", "test", alone, "--rules", rule, "--json", "--event", four);
        result.IsDone();
        using var document = JsonDocument.Parse(result.Out);
        Assert.Equal((4, 0, 1), (document.RootElement.GetProperty("events").GetInt32(), document.RootElement.GetProperty("matches").GetInt32(), document.RootElement.GetProperty("firings").GetInt32()));
    }

    [Fact]
    public async Task A_replay_of_the_same_events_gives_the_same_firings()
    {
        // Windows that are seldom full, and events that come up to a minute late: which are looked at again decides.
        var rule = _folder.Write("a.yml", Base + "---\n" + Many.Replace("10m", "30s", StringComparison.Ordinal));
        var random = new Random(7);
        var lines = Enumerable.Range(0, 2000).Select(i => (User: random.Next(6), At: TimeSpan.FromSeconds((4 * i) + random.Next(60)))).Select(of => FormattableString.Invariant(
            $$"""{"Channel":"Security","EventID":4625,"TargetUserName":"u{{of.User}}","@timestamp":"2026-01-02T{{of.At:hh\:mm\:ss}}Z"}"""));
        var events = _folder.Write("events.json", string.Join('\n', lines));
        var alerts = Path.Combine(_folder.Path, "alerts.ndjson");
        (await Cli.RunAsync("replay", "--rules", rule, "--alerts", alerts, events)).IsDone();
        var replayed = File.ReadAllLines(alerts).Select(line => JsonDocument.Parse(line).RootElement)
            .Select(alert => (Record: alert.GetProperty("picket").GetProperty("provenance").GetProperty("record").GetInt64(), Count: alert.GetProperty("picket").GetProperty("correlation").GetProperty("count").GetInt32()));

        var result = await Cli.RunAsync("rules", "test", rule, "--json", "--event", events);
        result.IsDone();
        using var document = JsonDocument.Parse(result.Out);
        var asked = document.RootElement.GetProperty("correlations")[0].GetProperty("firings").EnumerateArray().Select(firing => (firing.GetProperty("record").GetInt64(), firing.GetProperty("count").GetInt32())).ToList();
        Assert.True(asked.Count > 20, $"{asked.Count} firings");
        Assert.Equal(replayed, asked);
    }
}
