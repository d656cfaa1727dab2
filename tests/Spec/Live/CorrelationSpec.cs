using System.Runtime.Versioning;
using System.Text.Json;
using Picket.Actors;
using Picket.Node.Demo;
using Picket.Spec.Cli;
using Picket.Spec.Ebpf;
using static Picket.Spec.Live.FaultRules;

namespace Picket.Spec.Live;

/// <summary>Correlations in a whole node: over processes of all shards, over the death of their actor, and over a restart.</summary>
[Collection(LiveCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class CorrelationSpec : IDisposable
{
    private const string ThreeId = "2b1f5d0a-6f0d-4b7e-9f6a-5d2c1e0b7a11";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly string _rules = Write(Match.Replace("status: test", "status: test\nname: match", StringComparison.Ordinal) + $$"""

        ---
        title: Three of Them
        id: {{ThreeId}}
        status: test
        correlation:
          type: event_count
          rules: [match]
          group-by: [CommandLine]
          timespan: 1h
          condition: { gte: 3 }
        """);

    public void Dispose() => Directory.Delete(_rules, true);

    [Fact]
    public async Task Processes_of_all_shards_are_one_group_and_their_own_rule_is_silent()
    {
        await using var node = await LiveNode.StartAsync(_rules, null, "detection.shards=4", "self.ledger-interval=100ms");
        var other = node.Run("match", "other");
        int[] same = [node.Run("match", "same"), node.Run("match", "same"), node.Run("match", "same")];

        // Shards keep no order among each other: the one whose match arrives last is the alert's process.
        var alert = await node.AlertAsync(said => same.Any(pid => LiveNode.IsOf(said, ThreeId, pid)), "the alert of one of the three");

        Assert.Equal("match same", alert.GetProperty("picket").GetProperty("correlation").GetProperty("group")[0].GetProperty("value").GetString());
        Assert.Equal(3, alert.GetProperty("picket").GetProperty("events").GetArrayLength());
        Assert.Equal("process", alert.GetProperty("event").GetProperty("category")[0].GetString());
        Assert.True(await node.StopAsync(), $"not drained: {string.Join(", ", node.Host.Counters.Ledger.Missing)}");
        Assert.DoesNotContain(node.Alerts(), said => RuleOf(said) == MatchId || LiveNode.IsOf(said, ThreeId, other));
        Assert.True(node.Host.Counters.Ledger.IsBalanced, string.Join('\n', node.Host.Counters.Ledger.Last.Values));
        Assert.Equal(0, node.Host.Ebpf!.Pool.Outstanding);
        Assert.Equal(4, node.Host.Counters.Sigma.Sum(stage => stage.Correlation!.Given));
        Assert.Equal(4, node.Host.Counters.Correlation!.Stage.Left);
    }

    [Fact]
    public async Task A_killed_actor_goes_on_in_the_midst_of_a_window()
    {
        await using var node = await LiveNode.StartAsync(_rules);
        node.Run("match", "x");
        node.Run("match", "x");
        await UntilAsync(() => node.Host.Counters.Correlation!.Stage.Left == 2, "two matches at the correlations");
        node.Host.System.ActorSelection("/user/node/detection/correlation").Tell(Kill.Instance, ActorRefs.NoSender);

        await node.AlertAsync(ThreeId, node.Run("match", "x"));
    }

    [Theory]
    [InlineData(RunningNode.SigTerm)]
    [InlineData(RunningNode.SigInt)]
    public async Task A_window_goes_on_over_a_restart_of_the_node(int signal)
    {
        await using var node = new RunningNode();
        await node.StartAsync("--rules", _rules);
        var tool = Path.Combine(node.Folder, "match");
        Probe.WriteStatic(tool);
        for (var i = 0; i < 2; i++) Spawn.Run(tool, ["match", "y"], null, node.Folder);
        await node.EndAsync(signal);
        Assert.Equal((UnixFileMode)0b110_000_000, File.GetUnixFileMode(Path.Combine(node.Folder, "state", "correlation.state")));

        await node.StartAsync("--rules", _rules);
        var third = Spawn.Run(tool, ["match", "y"], null, node.Folder);
        using var tail = new AlertTail(node.AlertsFile);
        var alerts = new List<JsonElement>();
        await UntilAsync(() =>
        {
            alerts.AddRange(tail.Read());
            return alerts.Exists(alert => LiveNode.IsOf(alert, ThreeId, third));
        }, "the alert of the third process");
        await node.EndAsync(RunningNode.SigTerm);
    }

    private static async Task UntilAsync(Func<bool> condition, string what)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        for (var started = TimeProvider.System.GetTimestamp(); !condition();)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Limit, $"waited {Limit.TotalSeconds} s for {what}");
            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
