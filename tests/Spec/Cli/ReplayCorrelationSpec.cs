using System.Text.Json.Nodes;
using Picket.Spec.Alerts;

namespace Picket.Spec.Cli;

/// <summary>Correlation rules and filters in <c>picket replay</c>.</summary>
public sealed class ReplayCorrelationSpec : IDisposable
{
    private const string Rules = """
        title: Failed Logon
        name: failed
        id: 00000000-0000-4000-8000-000000000001
        logsource: { product: windows, service: security }
        detection: { sel: { EventID: 4625 }, condition: sel }
        level: low
        ---
        title: Logon
        name: logon
        id: 00000000-0000-4000-8000-000000000002
        logsource: { product: windows, service: security }
        detection: { sel: { EventID: 4624 }, condition: sel }
        level: medium
        ---
        title: Many Failed Logons
        name: many
        id: 00000000-0000-4000-8000-000000000003
        correlation:
          type: event_count
          rules: [failed]
          group-by: [TargetUserName]
          timespan: 10m
          condition: { gte: 10 }
        ---
        title: Guessed
        id: 00000000-0000-4000-8000-000000000004
        tags: [attack.credential-access, attack.t1110.001]
        level: high
        correlation:
          type: temporal_ordered
          rules: [many, logon]
          group-by: [TargetUserName]
          timespan: 10m
        ---
        title: Every Logon
        name: every
        id: 00000000-0000-4000-8000-000000000005
        logsource: { product: windows, service: security }
        detection: { sel: { EventID: 4624 }, condition: sel }
        level: informational
        ---
        title: Not of Services
        id: 00000000-0000-4000-8000-000000000006
        logsource: { product: windows }
        filter:
          rules: [every]
          selection: { TargetUserName|endswith: $ }
          condition: not selection

        """;

    private readonly TemporaryFolder _folder = new();

    private string Alerts => Path.Combine(_folder.Path, "alerts.ndjson");

    private string RuleFile => Path.Combine(_folder.Path, "rules.yml");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_chain_fires_behind_the_record_that_completes_it()
    {
        File.WriteAllText(RuleFile, Rules);
        var lines = new List<string>();
        for (var i = 0; i < 3000; i++) lines.Add(Logon(4625, $"user{i % 1000}", i / 10));
        for (var i = 0; i < 10; i++) lines.Add(Logon(4625, "eve", 300 + i));
        lines.Add(Logon(4624, "host$", 310));
        lines.Add(Logon(4624, "user1", 310));
        lines.Add(Logon(4624, "eve", 311));
        lines.Add(Logon(4624, "bob", 312));
        var input = Path.Combine(_folder.Path, "in.ndjson");
        File.WriteAllLines(input, lines);

        var first = await RunAsync(input);

        Assert.Equal(["Every Logon 3012", "Guessed 3013", "Every Logon 3013", "Every Logon 3014"],
            first.Select(alert => $"{alert["rule"]!["name"]} {alert["picket"]!["provenance"]!["record"]}"));
        var guessed = first[1];
        Assert.Equal("2026-01-02T00:05:11.000000000Z", guessed["@timestamp"]!.GetValue<string>());
        Assert.Equal("T1110", guessed["threat"]!["technique"]!["id"]![0]!.GetValue<string>());
        var correlation = guessed["picket"]!["correlation"]!;
        Assert.Equal("temporal_ordered", correlation["type"]!.GetValue<string>());
        Assert.Equal(["00000000-0000-4000-8000-000000000003", "00000000-0000-4000-8000-000000000002"], correlation["rules"]!.AsArray().Select(rule => rule!.GetValue<string>()));
        Assert.Equal(("TargetUserName", "eve"), (correlation["group"]![0]!["field"]!.GetValue<string>(), correlation["group"]![0]!["value"]!.GetValue<string>()));
        Assert.Equal(("2026-01-02T00:05:09.000000000Z", "2026-01-02T00:05:11.000000000Z"), (correlation["from"]!.GetValue<string>(), correlation["to"]!.GetValue<string>()));
        Assert.Equal((600, 2, 2.0), (correlation["timespan_seconds"]!.GetValue<int>(), correlation["count"]!.GetValue<int>(), correlation["value"]!.GetValue<double>()));
        Assert.Equal(2, guessed["picket"]!["events"]!.AsArray().Count);
        Assert.StartsWith("Guessed | TargetUserName=eve | 2 in 2 s", guessed["message"]!.GetValue<string>(), StringComparison.Ordinal);

        var second = await RunAsync(input);
        Assert.Equal(first.Select(alert => alert["event"]!["id"]!.GetValue<string>()), second.Select(alert => alert["event"]!["id"]!.GetValue<string>()));
    }

    [Fact]
    public async Task The_summary_names_correlations_by_title_and_level()
    {
        File.WriteAllText(RuleFile, Rules);
        var input = Path.Combine(_folder.Path, "in.ndjson");
        File.WriteAllLines(input, [.. Enumerable.Range(0, 10).Select(second => Logon(4625, "eve", second)), Logon(4624, "eve", 11)]);

        var result = await Cli.RunAsync("replay", "--rules", RuleFile, "--alerts", Alerts, input);
        var json = await Cli.RunAsync("replay", "--rules", RuleFile, "--alerts", Alerts, "--json", input);

        Assert.Contains("       1  high          Guessed", result.Out, StringComparison.Ordinal);
        Assert.Contains("Guessed high",
            JsonNode.Parse(json.Out)!["alerts_by_rule"]!.AsArray().Select(rule => $"{rule!["title"]} {rule["level"]}"));
    }

    [Fact]
    public async Task An_unknown_rule_is_named_at_its_place_and_the_others_fire()
    {
        File.WriteAllText(RuleFile, Rules.Replace("rules: [many, logon]", "rules: [many, login]", StringComparison.Ordinal));
        var input = Path.Combine(_folder.Path, "in.ndjson");
        File.WriteAllLines(input, [Logon(4624, "eve", 0)]);

        var result = await Cli.RunAsync("replay", "--rules", RuleFile, "--alerts", Alerts, input);

        Assert.Equal(0, result.Code);
        Assert.Contains($"picket: {RuleFile}(31,17): error unknown-rule: ", result.Error, StringComparison.Ordinal);
        Assert.Equal(["Logon", "Every Logon"], Read().Select(alert => alert["rule"]!["name"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Matches_without_a_time_are_said()
    {
        File.WriteAllText(RuleFile, Rules);
        var input = Path.Combine(_folder.Path, "in.ndjson");
        File.WriteAllLines(input, Enumerable.Repeat("""{"EventID":4625,"TargetUserName":"eve"}""", 20));

        var result = await Cli.RunAsync("replay", "--rules", RuleFile, "--alerts", Alerts, input);

        Assert.Equal(0, result.Code);
        Assert.Contains("20 matches have no time and could not be correlated", result.Error, StringComparison.Ordinal);
        Assert.Empty(Read());
    }

    private static string Logon(int id, string user, int second) => FormattableString.Invariant(
        $$"""{"EventID":{{id}},"TargetUserName":"{{user}}","Channel":"Security","Computer":"dc1","TimeCreated":"2026-01-02T00:{{second / 60:00}}:{{second % 60:00}}Z"}""");

    private async Task<List<JsonNode>> RunAsync(string input)
    {
        (await Cli.RunAsync("replay", "--rules", RuleFile, "--alerts", Alerts, input)).IsDone();
        return Read();
    }

    private List<JsonNode> Read() => [.. File.ReadAllLines(Alerts).Select(line => JsonNode.Parse(line)!)];
}
