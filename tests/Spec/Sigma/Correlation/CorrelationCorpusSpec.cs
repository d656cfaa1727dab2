using Picket.Detection.Sigma;
using Picket.Spec.Alerts;

namespace Picket.Spec.Sigma.Correlation;

/// <summary>Correlation rules of others: they load, and fire on own events.</summary>
public sealed class CorrelationCorpusSpec
{
    [Fact]
    public void The_examples_of_the_specification_load_beside_the_rules_that_they_name()
    {
        var folder = Corpora.Require("sigma-spec/tests/schema/correlation");
        var files = Directory.GetFiles(folder).Order().ToList();
        var named = files.SelectMany(File.ReadAllLines).Select(line => line.Trim()).Where(line => line.StartsWith("- ", StringComparison.Ordinal))
            .Select(line => line[2..].Split(' ')[0]).Distinct();
        var rules = string.Concat(named.Select(name => $"---\ntitle: {name}\nname: {name}\nlogsource: {{product: test}}\ndetection: {{s: {{A: 1}}, condition: s}}\n"));
        using var beside = new TemporaryFolder();
        File.WriteAllText(Path.Combine(beside.Path, "named.yml"), rules);

        var set = SigmaRuleSet.Load([folder, beside.Path]);

        Assert.True(set.Errors.Count == 0, string.Join("\n", set.Errors));
        Assert.Equal(files.Count, set.Correlations.Count);
        Assert.Equal(7, set.Correlations.Select(rule => rule.Type).Distinct().Count());
    }

    [Fact]
    public void Without_the_rules_that_they_name_each_is_one_error()
    {
        var folder = Corpora.Require("sigma-spec/tests/schema/correlation");

        var set = SigmaRuleSet.Load([folder]);

        Assert.Equal(Directory.GetFiles(folder).Order(), set.Errors.Select(error => error.File).Order());
    }

    [Fact]
    public void Hayabusas_rules_fire_on_what_they_look_for()
    {
        var set = SigmaRuleSet.Load([Corpora.Require("sigma-tests/hayabusa-correlation/hayabusa")]);

        Assert.True(set.Errors.Count == 0, string.Join("\n", set.Errors));
        Assert.Equal(["PW Guessing", "PW Spray", "User Guessing"], set.Correlations.Select(rule => rule.Title).Order());
        Assert.Equal([3], set.Rules.Select(rule => rule.IsCorrelated && !rule.Alerts).GroupBy(silent => silent).Select(group => group.Count()));

        // Five wrong passwords of one user, and four of another.
        Assert.Equal(["PW Guessing"], Play(set, [.. Enumerable.Range(0, 5).Select(i => Failed("0xc000006a", "bob", "203.0.113.9", i * 30)), .. Enumerable.Range(0, 4).Select(i => Failed("0xc000006a", "eve", "203.0.113.9", 200 + i))]));
        Assert.Empty(Play(set, Enumerable.Range(0, 5).Select(i => Failed("0xc000006a", "bob", "203.0.113.9", i * 76))));
        Assert.Empty(Play(set, Enumerable.Range(0, 50).Select(i => Failed("0xc000006a", "host$", "203.0.113.9", i))));

        // Four users that are not there, of one address; three; four without address.
        Assert.Equal(["User Guessing"], Play(set, Enumerable.Range(0, 4).Select(i => Failed("0xc0000064", $"user{i}", "203.0.113.9", i))));
        Assert.Empty(Play(set, Enumerable.Range(0, 40).Select(i => Failed("0xc0000064", $"user{i % 3}", "203.0.113.9", i))));
        Assert.Empty(Play(set, Enumerable.Range(0, 40).Select(i => Failed("0xc0000064", $"user{i}", "-", i))));

        // Five users with explicit credentials, from one computer; spread over five.
        Assert.Equal(["PW Spray"], Play(set, Enumerable.Range(0, 5).Select(i => Explicit($"user{i}", "203.0.113.9", "pc", i * 50))));
        Assert.Empty(Play(set, Enumerable.Range(0, 5).Select(i => Explicit($"user{i}", "203.0.113.9", $"pc{i}", i))));
    }

    [Fact]
    public void Rsigmas_rules_fire_on_what_they_look_for()
    {
        var set = SigmaRuleSet.Load([Corpora.Require("sigma-tests/rsigma/scripts/perf/fixtures/correlation.yml")]);

        Assert.True(set.Errors.Count == 0, string.Join("\n", set.Errors));
        Assert.Equal(4, set.Correlations.Count);
        Assert.Equal(["Authentication Failure Burst by User"], Play(set, Enumerable.Range(0, 4).Select(i => Login("failure", i, $"host{i}", "1"))));
        Assert.Equal(["Authentication Egress Volume by Host"], Play(set, [Login("failure", 0, "pc", "50000", "u0"), Login("failure", 1, "pc", "1", "u1")]));
        Assert.Equal(["Authentication Source Fanout by Host"], Play(set, Enumerable.Range(0, 10).Select(i => Login("failure", i, "pc", "1", $"user{i}"))));
        Assert.Equal(["Authentication Failure Then Success"], Play(set, [Login("failure", 0, "pc", "1"), Login("success", 299, "pc", "1")]));
        Assert.Empty(Play(set, [Login("success", 0, "pc", "1"), Login("failure", 1, "pc", "1"), Login("success", 302, "pc", "1")]));
    }

    private static (double, (string, string?)[]) Failed(string status, string user, string address, double second) => (second,
    [
        ("Channel", "Security"), ("EventID", "4625"), ("SubStatus", status), ("TargetUserName", user), ("TargetDomainName", "CORP"), ("IpAddress", address),
        ("LogonType", "3"), ("ProcessName", "-"), ("LogonProcessName", "NtLmSsp"), ("WorkstationName", "w"),
    ]);

    private static (double, (string, string?)[]) Explicit(string user, string address, string computer, double second) => (second,
        [("Channel", "Security"), ("EventID", "4648"), ("TargetUserName", user), ("IpAddress", address), ("Computer", computer)]);

    private static (double, (string, string?)[]) Login(string result, double second, string computer, string bytes, string user = "eve") => (second,
        [("EventType", $"authentication_{result}"), ("User", user), ("Computer", computer), ("SourceIP", $"192.0.2.{second}"), ("BytesOut", bytes)]);

    private static List<string> Play(SigmaRuleSet set, IEnumerable<(double Second, (string, string?)[] Fields)> events)
    {
        var engine = SigmaEngine.Build(set.Rules);
        var run = new CorrelationRun(set);
        var number = 0;
        foreach (var (second, fields) in events)
        {
            number++;
            var sink = new RecordingSink();
            engine.Evaluate(SigmaEvents.Of(fields).View(0), sink);
            foreach (var rule in sink.Matches) run.HearAs(number, rule, second, fields);
        }

        return [.. run.Fired.Select(fired => fired.Rule.Title)];
    }
}
