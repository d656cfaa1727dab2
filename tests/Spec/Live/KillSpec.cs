using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text.Json;
using Picket.Node.Demo;
using Picket.Spec.Cli;
using static Picket.Spec.Live.FaultRules;

namespace Picket.Spec.Live;

/// <summary>The whole process is killed under load. Its successor reads on: no process's beginning or end is missing.</summary>
[Collection(LiveCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class KillSpec
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(false, 3)]
    [InlineData(true, 5)]
    public async Task Nothing_is_lost_and_nothing_is_told_twice_when_the_node_is_killed_and_started_again_under_load(bool atOnce, int kills)
    {
        await using var node = new RunningNode();
        var rules = Write(Match + MatchEnd);
        try
        {
            await node.StartAsync("--rules", rules);
            using var load = new Load(node.Folder, 100_000);
            using var tail = new AlertTail(node.AlertsFile);
            var alerts = new List<JsonElement>();
            var left = new List<Task<CliResult>>();
            for (var kill = 0; kill < kills; kill++)
            {
                // Its ring holds what one start leaves behind: the next kill comes when the node is up to the moment again.
                var until = Numbers(alerts, MatchId).Count + 40;
                await UntilAsync(() => Read(node, tail, alerts) >= until && Numbers(alerts, MatchId).Count >= until && IsOfNow(alerts),
                    async () => $"{until} alerts after {kill} kills, the last within half a second of its process; there are {Numbers(alerts, MatchId).Count}, the last "
                        + $"{Age(alerts).TotalSeconds:0.0} s old; {load}\n{Notices(alerts)}\n{await node.StatusAsync()}");
                Assert.Contains(-5, NicesOf(node.Pid));
                Assert.All(NicesOf(node.Pid), nice => Assert.True(nice <= 5, $"a thread of nice {nice} would be the last to end, and the next start waits for it"));
                var clock = Stopwatch.StartNew();
                if (!atOnce) await node.EndAsync(RunningNode.SigKill);
                else left.Add(LeaveAsync(node));
                await node.StartAsync("--rules", rules);
                TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture, $"the successor watches after {clock.Elapsed.TotalMilliseconds:0} ms; {node.Said}"));
            }

            Assert.All(await Task.WhenAll(left), run => Assert.Equal(128 + RunningNode.SigKill, run.Code));

            var started = load.Stop();
            var end = await node.EndAsync(RunningNode.SigInt);
            Read(node, tail, alerts);
            var words = end.Out + end.Error + Notices(alerts);
            Assert.True(end.Out.Contains("lost 0", StringComparison.Ordinal), words);
            Assert.True(end.Out.Contains("the ledger balances", StringComparison.Ordinal), words);
            var unclean = alerts.Where(alert => RuleOf(alert) == "picket.unclean-start").ToList();
            Assert.Equal(kills, unclean.Count);
            Assert.All(unclean, alert => Assert.Equal(0, NoticeOf(alert).GetProperty("lost").GetInt64()));
            var expected = Enumerable.Range(1, started).Where(number => number % 10 == 0).ToList();
            Assert.Equal(expected, Numbers(alerts, MatchId));
            Assert.Equal(expected, Numbers(alerts, MatchEndId));

            // The fork was seen as well: the parent is the load's shell, whose own beginning is in an earlier run's records.
            Assert.All(alerts.Where(alert => RuleOf(alert) == MatchId),
                alert => Assert.True(alert.GetProperty("process").GetProperty("parent").TryGetProperty("executable", out _), alert.GetRawText()));
        }
        finally
        {
            Directory.Delete(rules, true);
        }
    }

    private static async Task<CliResult> LeaveAsync(RunningNode node)
    {
        var clock = Stopwatch.StartNew();
        var end = await node.LeaveAsync(RunningNode.SigKill);
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture, $"the killed node was gone after {clock.Elapsed.TotalMilliseconds:0} ms"));
        return end;
    }

    private static List<int> Numbers(List<JsonElement> alerts, string rule) =>
        [.. alerts.Where(alert => RuleOf(alert) == rule).Select(alert => NumberOf(alert) ?? throw new InvalidOperationException($"without its number: {alert.GetRawText()}")).Order()];

    private static string Notices(List<JsonElement> alerts) =>
        string.Join('\n', alerts.Where(alert => RuleOf(alert).StartsWith("picket.", StringComparison.Ordinal)));

    private static bool IsOfNow(List<JsonElement> alerts) => Age(alerts) < TimeSpan.FromSeconds(0.5);

    private static TimeSpan Age(List<JsonElement> alerts) =>
        TimeProvider.System.GetUtcNow() - alerts.Last(alert => RuleOf(alert) == MatchId).GetProperty("@timestamp").GetDateTimeOffset();

    private static IEnumerable<int> NicesOf(int pid) =>
        Directory.GetDirectories($"/proc/{pid}/task").Select(task => int.Parse(
            File.ReadAllText(Path.Combine(task, "stat")).Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[16], CultureInfo.InvariantCulture));

    /// <summary>Without what another test's processes of the same names did meanwhile.</summary>
    private static int Read(RunningNode node, AlertTail tail, List<JsonElement> alerts)
    {
        alerts.AddRange(tail.Read().Where(alert => RuleOf(alert) is not (MatchId or MatchEndId)
            || alert.GetProperty("process").GetProperty("executable").GetString()!.StartsWith(node.Folder + "/", StringComparison.Ordinal)));
        return alerts.Count;
    }

    private static async Task UntilAsync(Func<bool> condition, Func<Task<string>> what)
    {
        var clock = Stopwatch.StartNew();
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!condition())
        {
            if (clock.Elapsed > Limit) Assert.Fail($"waited {Limit.TotalSeconds} s for {await what()}");
            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
