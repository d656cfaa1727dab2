using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text.Json;
using Picket.Node.Demo;
using Picket.Spec.Cli;
using Picket.Spec.Ebpf;
using static Picket.Spec.Live.FaultRules;

namespace Picket.Spec.Live;

/// <summary>What one process does to the node over and over is few alerts, in which nothing is missing; an ordinary stop is one.</summary>
[Collection(LiveCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class TouchStormSpec : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly string _rules = Write(Match);
    private readonly Probe _probe = new();
    private readonly List<JsonElement> _alerts = [];

    public void Dispose()
    {
        Directory.Delete(_rules, true);
        _probe.Dispose();
    }

    [Fact]
    public async Task A_debugger_that_attaches_to_all_threads_is_an_alert_at_once_and_one_with_the_count()
    {
        await using var node = new RunningNode();
        await node.StartAsync("--rules", _rules);
        using var tail = new AlertTail(node.AlertsFile);
        int tracer, threads;
        using (var holder = Holder.Take("all", node.Pid, _probe.Folder)) (tracer, threads) = (holder.Pid, holder.Threads);
        Assert.True(threads > 10, $"the node has {threads} threads");
        var clock = Stopwatch.StartNew();
        await UntilAsync(tail, () => By(tracer).Count > 0, "the first alert");
        var first = clock.Elapsed;
        await UntilAsync(tail, () => By(tracer).Count > 1, "the alert with the count");
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{threads} threads: {By(tracer).Count} alerts, the first after {first.TotalMilliseconds:0} ms, the second after {clock.Elapsed.TotalMilliseconds:0} ms"));
        await node.EndAsync(RunningNode.SigInt);
        _alerts.AddRange(tail.Read());
        Assert.Equal([0, threads - 1], By(tracer).Select(Repeated));
        Assert.Contains($"asked for PTRACE_ATTACH on the sensor's process {threads - 1} more times", By(tracer)[1].GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.All(By(tracer), alert => Assert.Equal("high", alert.GetProperty("picket").GetProperty("level").GetString()));
    }

    [Fact]
    public async Task A_storm_of_signals_is_few_alerts_that_count_all_and_another_signal_sender_or_target_is_said_at_once()
    {
        await using var node = new RunningNode();
        await node.StartAsync("--rules", _rules);
        using var tail = new AlertTail(node.AlertsFile);
        var guard = GuardSpec.GuardOf(node.Pid);
        var (sender, code) = _probe.Shell($"for ((i = 0; i < 1000; i++)); do kill -URG {node.Pid}; done; kill -WINCH {node.Pid}; kill -URG {guard}");
        Assert.Equal(0, code);
        var other = _probe.Shell($"kill -URG {node.Pid}").Pid;
        await UntilAsync(tail, () => By(sender).Count >= 3 && By(other).Count > 0, "three alerts of the storm, and that of another sender");
        Assert.InRange(By(sender).Count, 3, 4);

        // What was counted is said at the end, too.
        await node.EndAsync(RunningNode.SigInt);
        _alerts.AddRange(tail.Read());
        var storm = By(sender).Where(alert => GuardSpec.DetailOf(alert) == "SIGURG" && TargetOf(alert) == "node").ToList();
        Assert.InRange(storm.Count, 2, 3);
        Assert.Equal(1000, storm.Sum(alert => Repeated(alert) is var again and > 0 ? again : 1));
        Assert.Single(By(sender), alert => GuardSpec.DetailOf(alert) == "SIGWINCH");
        Assert.Single(By(sender), alert => TargetOf(alert) == "guard");
        Assert.Single(By(other));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stop_by_who_started_the_node_is_one_alert_that_names_him(bool guardFirst)
    {
        await using var node = new RunningNode();
        await node.StartAsync("--rules", _rules);
        using var tail = new AlertTail(node.AlertsFile);
        int[] all = guardFirst ? [GuardSpec.GuardOf(node.Pid), node.Pid] : [node.Pid, GuardSpec.GuardOf(node.Pid)];
        foreach (var pid in all)
        {
            RunningNode.Signal(pid, RunningNode.SigTerm);
            RunningNode.Signal(pid, RunningNode.SigCont);
        }

        var end = await node.EndAsync();
        _alerts.AddRange(tail.Read());
        Assert.Equal(0, end.Code);
        var stopped = Assert.Single(_alerts, alert => RuleOf(alert) is "picket.node-stopped" or "picket.sensor-touched");
        Assert.Equal(("picket.node-stopped", "ordered", Environment.ProcessId),
            (RuleOf(stopped), NoticeOf(stopped).GetProperty("how").GetString(), NoticeOf(stopped).GetProperty("by-pid").GetInt32()));
        TestContext.Current.TestOutputHelper!.WriteLine(stopped.GetProperty("message").GetString()!);
    }

    [Fact]
    public async Task A_stop_by_anybody_else_is_a_touch_of_each()
    {
        await using var node = new RunningNode();
        await node.StartAsync("--rules", _rules);
        using var tail = new AlertTail(node.AlertsFile);
        var sender = _probe.Shell($"kill -TERM {GuardSpec.GuardOf(node.Pid)} {node.Pid}").Pid;
        await node.EndAsync();
        _alerts.AddRange(tail.Read());
        Assert.Equal(["guard", "node"], By(sender).Select(TargetOf).Order());
        Assert.DoesNotContain(_alerts, alert => RuleOf(alert) == "picket.node-stopped");
    }

    private List<JsonElement> By(int pid) => [.. _alerts.Where(alert => RuleOf(alert) == "picket.sensor-touched" && GuardSpec.IsBy(alert, pid))];

    private static int Repeated(JsonElement alert) => NoticeOf(alert).TryGetProperty("repeated", out var again) ? again.GetInt32() : 0;

    private static string? TargetOf(JsonElement alert) => NoticeOf(alert).GetProperty("target").GetString();

    private async Task UntilAsync(AlertTail tail, Func<bool> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!condition())
        {
            Assert.True(clock.Elapsed < Limit, $"waited {Limit.TotalSeconds} s for {what}; there are\n{string.Join('\n', _alerts.Select(alert => alert.GetProperty("message")))}");
            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            _alerts.AddRange(tail.Read());
        }
    }
}
